-- More than one audit in a month; what is put down for each requirement, and what was found. When and
-- where a review is held, who takes part and who chairs it.

ALTER TABLE audit ADD COLUMN nth BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
ALTER TABLE audit ADD PRIMARY KEY (workspace, year, month, nth);

CREATE TABLE audit_item (
    workspace     TEXT NOT NULL REFERENCES workspace,
    audit         TEXT NOT NULL,
    requirement   TEXT NOT NULL,
    result        TEXT NOT NULL,
    methods       JSONB NOT NULL,
    population    TEXT,
    sample        TEXT,
    chosen        TEXT,
    evidence      TEXT,
    evidence_file TEXT,
    note          TEXT,
    checked_by    TEXT NOT NULL,
    checked_at    TIMESTAMPTZ NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (workspace, audit, requirement),
    FOREIGN KEY (workspace, checked_by) REFERENCES person
);

CREATE TABLE finding (
    workspace     TEXT NOT NULL REFERENCES workspace,
    number        BIGINT NOT NULL,
    audit         TEXT NOT NULL,
    requirement   TEXT NOT NULL,
    grade         TEXT NOT NULL,
    statement     TEXT NOT NULL,
    evidence      TEXT,
    evidence_file TEXT,
    state         TEXT NOT NULL,
    action        BIGINT,
    found_by      TEXT NOT NULL,
    found_at      TIMESTAMPTZ NOT NULL,
    answered_by   TEXT,
    answered_at   TIMESTAMPTZ,
    answer        TEXT,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, found_by) REFERENCES person,
    FOREIGN KEY (workspace, answered_by) REFERENCES person
);
CREATE INDEX finding_audit ON finding (workspace, audit);

-- By the clocks of the workspace.
ALTER TABLE review ADD COLUMN starts_at TIME;
ALTER TABLE review ADD COLUMN minutes BIGINT NOT NULL DEFAULT 60;
ALTER TABLE review ADD COLUMN place TEXT;
ALTER TABLE review ADD COLUMN chair TEXT;
-- How often its invitation was changed (RFC 5545, 3.8.7.4).
ALTER TABLE review ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;

CREATE TABLE review_participant (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (workspace, review, person),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, person) REFERENCES person
);
