-- Clause 9.1: KPIs and their values.

CREATE TABLE kpi (
    workspace TEXT NOT NULL REFERENCES workspace,
    key       TEXT NOT NULL,
    name      TEXT NOT NULL,
    purpose   TEXT,
    unit      TEXT NOT NULL,
    direction TEXT NOT NULL,
    target    REAL NOT NULL,
    warning   REAL,
    frequency TEXT NOT NULL,
    measurer  TEXT NOT NULL,
    analyst   TEXT NOT NULL,
    paused    TEXT,
    since     TEXT NOT NULL,
    PRIMARY KEY (workspace, key)
) STRICT, WITHOUT ROWID;

-- One row per value given. A correction is a row with the next revision; `period` is the first day.
CREATE TABLE measurement (
    workspace   TEXT NOT NULL,
    kpi         TEXT NOT NULL,
    period      TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    value       REAL NOT NULL,
    note        TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (workspace, kpi, period, revision),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
) STRICT, WITHOUT ROWID;

CREATE TRIGGER measurement_is_never_changed BEFORE UPDATE ON measurement
BEGIN SELECT RAISE(ABORT, 'a value is corrected by a new revision'); END;
CREATE TRIGGER measurement_is_never_deleted BEFORE DELETE ON measurement
BEGIN SELECT RAISE(ABORT, 'a value is corrected by a new revision'); END;
