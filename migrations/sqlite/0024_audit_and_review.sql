-- More than one audit in a month; what is put down for each requirement, and what was found. When and
-- where a review is held, who takes part and who chairs it.

CREATE TABLE audit_of_month (
    workspace   TEXT NOT NULL REFERENCES workspace,
    year        INTEGER NOT NULL,
    month       INTEGER NOT NULL,
    nth         INTEGER NOT NULL,
    topic       TEXT NOT NULL,
    scope       TEXT NOT NULL,
    auditor     TEXT,
    state       TEXT NOT NULL,
    started_on  TEXT,
    finished_on TEXT,
    conclusion  TEXT,
    PRIMARY KEY (workspace, year, month, nth),
    FOREIGN KEY (workspace, auditor) REFERENCES person
) STRICT, WITHOUT ROWID;
INSERT INTO audit_of_month
    SELECT workspace, year, month, 1, topic, scope, auditor, state, started_on, finished_on, conclusion
    FROM audit;
DROP TABLE audit;
ALTER TABLE audit_of_month RENAME TO audit;

CREATE TABLE audit_item (
    workspace     TEXT NOT NULL REFERENCES workspace,
    audit         TEXT NOT NULL,
    requirement   TEXT NOT NULL,
    result        TEXT NOT NULL,
    methods       TEXT NOT NULL,
    population    TEXT,
    sample        TEXT,
    chosen        TEXT,
    evidence      TEXT,
    evidence_file TEXT,
    note          TEXT,
    checked_by    TEXT NOT NULL,
    checked_at    TEXT NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (workspace, audit, requirement),
    FOREIGN KEY (workspace, checked_by) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    workspace     TEXT NOT NULL REFERENCES workspace,
    number        INTEGER NOT NULL,
    audit         TEXT NOT NULL,
    requirement   TEXT NOT NULL,
    grade         TEXT NOT NULL,
    statement     TEXT NOT NULL,
    evidence      TEXT,
    evidence_file TEXT,
    state         TEXT NOT NULL,
    action        INTEGER,
    found_by      TEXT NOT NULL,
    found_at      TEXT NOT NULL,
    answered_by   TEXT,
    answered_at   TEXT,
    answer        TEXT,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, found_by) REFERENCES person,
    FOREIGN KEY (workspace, answered_by) REFERENCES person
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_audit ON finding (workspace, audit);

-- By the clocks of the workspace.
ALTER TABLE review ADD COLUMN starts_at TEXT;
ALTER TABLE review ADD COLUMN minutes INTEGER NOT NULL DEFAULT 60;
ALTER TABLE review ADD COLUMN place TEXT;
ALTER TABLE review ADD COLUMN chair TEXT;
-- How often its invitation was changed (RFC 5545, 3.8.7.4).
ALTER TABLE review ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;

CREATE TABLE review_participant (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (workspace, review, person),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;
