-- Clause 9.1 a, b: values that come from asking people, and from a checklist.

-- One time that a survey is held. `survey` is as it was declared when the round began, `tallies` how
-- often each answer was given: no row, no time and no order is kept of single anonymous answers.
CREATE TABLE survey_round (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    period    TEXT NOT NULL,
    survey    TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    closed_on TEXT,
    tallies   TEXT,
    PRIMARY KEY (workspace, kpi, period),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_round_open ON survey_round (workspace, kpi) WHERE closed_on IS NULL;

-- Who is asked, and whether they answered; `answers` only where a survey is held with names.
CREATE TABLE survey_person (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    period    TEXT NOT NULL,
    person    TEXT NOT NULL,
    answered  INTEGER NOT NULL CHECK (answered IN (0, 1)),
    answers   TEXT,
    PRIMARY KEY (workspace, kpi, period, person),
    FOREIGN KEY (workspace, kpi, period) REFERENCES survey_round
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_person_asked ON survey_person (workspace, person) WHERE NOT answered;

-- One inspection: `checklist` is as it was when it began.
CREATE TABLE inspection (
    workspace  TEXT NOT NULL,
    kpi        TEXT NOT NULL,
    period     TEXT NOT NULL,
    checklist  TEXT NOT NULL,
    begun_by   TEXT NOT NULL,
    begun_on   TEXT NOT NULL,
    ended_by   TEXT,
    ended_on   TEXT,
    PRIMARY KEY (workspace, kpi, period),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
) STRICT, WITHOUT ROWID;

-- What was found at one line of its checklist, counted from 1.
CREATE TABLE inspection_check (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    period    TEXT NOT NULL,
    line      INTEGER NOT NULL,
    result    TEXT NOT NULL,
    note      TEXT,
    evidence  TEXT,
    file      TEXT,
    checked_by TEXT NOT NULL,
    PRIMARY KEY (workspace, kpi, period, line),
    FOREIGN KEY (workspace, kpi, period) REFERENCES inspection
) STRICT, WITHOUT ROWID;
