UPDATE action SET link = 'https://alder.slack.example/archives/C1/p1736067600000100' WHERE number = 1;
