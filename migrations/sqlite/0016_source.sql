-- Clause 9.1 a, b: where the values of a KPI come from, and how they are judged.

ALTER TABLE kpi ADD COLUMN source TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE kpi ADD COLUMN scale TEXT NOT NULL DEFAULT 'linear';

-- What a source that works by itself is asked, and how it went. `told` is when its measurer was told
-- that it fails.
CREATE TABLE kpi_source (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    setting   TEXT NOT NULL,
    tried_at  TEXT,
    worked_at TEXT,
    fault     TEXT,
    told_at   TEXT,
    PRIMARY KEY (workspace, kpi),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
) STRICT, WITHOUT ROWID;

-- A value may come from a machine: then nobody recorded it, and `via` says what did.
CREATE TABLE measurement_given (
    workspace   TEXT NOT NULL,
    kpi         TEXT NOT NULL,
    period      TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    value       REAL NOT NULL,
    note        TEXT,
    recorded_by TEXT,
    recorded_at TEXT NOT NULL,
    via         TEXT,
    file        TEXT,
    PRIMARY KEY (workspace, kpi, period, revision),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi,
    CHECK (recorded_by IS NOT NULL OR via IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO measurement_given
SELECT workspace, kpi, period, revision, value, note, recorded_by, recorded_at, NULL, NULL
FROM measurement;
DROP TABLE measurement;
ALTER TABLE measurement_given RENAME TO measurement;

CREATE TRIGGER measurement_is_never_changed BEFORE UPDATE ON measurement
BEGIN SELECT RAISE(ABORT, 'a value is corrected by a new revision'); END;
CREATE TRIGGER measurement_is_never_deleted BEFORE DELETE ON measurement
BEGIN SELECT RAISE(ABORT, 'a value is corrected by a new revision'); END;
