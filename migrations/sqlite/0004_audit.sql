-- Clause 9.2: the audit programme. One audit a month; its name is made of year and month.

CREATE TABLE audit (
    workspace   TEXT NOT NULL REFERENCES workspace,
    year        INTEGER NOT NULL,
    month       INTEGER NOT NULL,
    topic       TEXT NOT NULL,
    scope       TEXT NOT NULL,
    auditor     TEXT,
    state       TEXT NOT NULL,
    started_on  TEXT,
    finished_on TEXT,
    PRIMARY KEY (workspace, year, month),
    FOREIGN KEY (workspace, auditor) REFERENCES person
) STRICT, WITHOUT ROWID;
