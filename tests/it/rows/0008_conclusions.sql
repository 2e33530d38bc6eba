UPDATE audit SET state = 'finished', started_on = '2026-03-02', finished_on = '2026-03-31', conclusion = 'Leadership lives it' WHERE month = 3;
UPDATE review SET conclusion = 'Suitable, adequate, effective';
