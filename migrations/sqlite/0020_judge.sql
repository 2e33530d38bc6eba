-- Clause 9.1 e: limits that stand until somebody recalculates them, and what was found where a value
-- crossed.

-- `made_of` are the days and values that they were made of: `[["2026-01-01", 4.5], …]`. The first of a
-- KPI come by themselves; later ones have a reason and somebody who gave it.
CREATE TABLE kpi_limits (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    number    INTEGER NOT NULL,
    since     TEXT NOT NULL,
    mean      REAL NOT NULL,
    upper     REAL,
    lower     REAL,
    made_of   TEXT NOT NULL,
    reason    TEXT,
    set_by    TEXT,
    set_at    TEXT NOT NULL,
    PRIMARY KEY (workspace, kpi, number),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi,
    CHECK (number = 1 OR (reason IS NOT NULL AND set_by IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER kpi_limits_are_never_changed BEFORE UPDATE ON kpi_limits
BEGIN SELECT RAISE(ABORT, 'limits are recalculated by new ones'); END;
CREATE TRIGGER kpi_limits_are_never_deleted BEFORE DELETE ON kpi_limits
BEGIN SELECT RAISE(ABORT, 'limits are recalculated by new ones'); END;

-- One crossing, or several that came while it was open: from `period` until `latest`.
CREATE TABLE analysis (
    workspace TEXT NOT NULL,
    number    INTEGER NOT NULL,
    kpi       TEXT NOT NULL,
    period    TEXT NOT NULL,
    latest    TEXT NOT NULL,
    value     REAL NOT NULL,
    crossing  TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    due       TEXT NOT NULL,
    found     TEXT,
    cause     TEXT,
    action    INTEGER,
    no_action TEXT,
    found_by  TEXT,
    closed_at TEXT,
    dropped   TEXT,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_open_analysis ON analysis (workspace, kpi) WHERE closed_at IS NULL;
CREATE INDEX analyses_of_a_kpi ON analysis (workspace, kpi, number);
