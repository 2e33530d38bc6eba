-- Clause 9.2: the audit programme. One audit a month; its name is made of year and month.

CREATE TABLE audit (
    workspace   TEXT NOT NULL REFERENCES workspace,
    year        BIGINT NOT NULL,
    month       BIGINT NOT NULL,
    topic       TEXT NOT NULL,
    scope       JSONB NOT NULL,
    auditor     TEXT,
    state       TEXT NOT NULL,
    started_on  DATE,
    finished_on DATE,
    PRIMARY KEY (workspace, year, month),
    FOREIGN KEY (workspace, auditor) REFERENCES person
);
