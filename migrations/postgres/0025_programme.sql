-- What the audits of a year are to reach and who approved them; which controls apply.

CREATE TABLE programme (
    workspace   TEXT NOT NULL REFERENCES workspace,
    year        BIGINT NOT NULL,
    objectives  TEXT NOT NULL,
    criteria    TEXT NOT NULL,
    method      TEXT NOT NULL,
    -- Every control that applies is audited once in so many years from this one on.
    cycle_from  BIGINT NOT NULL,
    cycle_years BIGINT NOT NULL,
    -- Of each clause and control whether it is audited in the year, and why.
    choices     JSONB NOT NULL,
    planned_by  TEXT,
    planned_on  DATE NOT NULL,
    -- Since when it waits to be approved; why, if it was approved before.
    asked_on    DATE NOT NULL,
    reason      TEXT,
    PRIMARY KEY (workspace, year),
    FOREIGN KEY (workspace, planned_by) REFERENCES person
);

CREATE TABLE programme_approval (
    workspace   TEXT NOT NULL,
    year        BIGINT NOT NULL,
    nth         BIGINT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_at TIMESTAMPTZ NOT NULL,
    -- SHA-256 of what was approved.
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (workspace, year, nth),
    FOREIGN KEY (workspace, year) REFERENCES programme,
    FOREIGN KEY (workspace, approved_by) REFERENCES person
);

-- The statement of applicability; a control without a row applies.
CREATE TABLE applicability (
    workspace TEXT NOT NULL REFERENCES workspace,
    control   TEXT NOT NULL,
    applies   BOOLEAN NOT NULL,
    reason    TEXT,
    set_by    TEXT NOT NULL,
    set_at    TIMESTAMPTZ NOT NULL,
    file      TEXT,
    PRIMARY KEY (workspace, control),
    FOREIGN KEY (workspace, set_by) REFERENCES person
);
