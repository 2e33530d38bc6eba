-- Clause 9.1 e: limits that stand until somebody recalculates them, and what was found where a value
-- crossed.

-- `made_of` are the days and values that they were made of: `[["2026-01-01", 4.5], …]`. The first of a
-- KPI come by themselves; later ones have a reason and somebody who gave it.
CREATE TABLE kpi_limits (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    number    BIGINT NOT NULL,
    since     DATE NOT NULL,
    mean      DOUBLE PRECISION NOT NULL,
    upper     DOUBLE PRECISION,
    lower     DOUBLE PRECISION,
    made_of   JSONB NOT NULL,
    reason    TEXT,
    set_by    TEXT,
    set_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, kpi, number),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi,
    CHECK (number = 1 OR (reason IS NOT NULL AND set_by IS NOT NULL))
);
CREATE FUNCTION kpi_limits_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'limits are recalculated by new ones'; END $$;
CREATE TRIGGER kpi_limits_are_never_changed BEFORE UPDATE OR DELETE ON kpi_limits
FOR EACH ROW EXECUTE FUNCTION kpi_limits_are_append_only();

-- One crossing, or several that came while it was open: from `period` until `latest`.
CREATE TABLE analysis (
    workspace TEXT NOT NULL,
    number    BIGINT NOT NULL,
    kpi       TEXT NOT NULL,
    period    DATE NOT NULL,
    latest    DATE NOT NULL,
    value     DOUBLE PRECISION NOT NULL,
    crossing  JSONB NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    due       DATE NOT NULL,
    found     TEXT,
    cause     TEXT,
    action    BIGINT,
    no_action TEXT,
    found_by  TEXT,
    closed_at TIMESTAMPTZ,
    dropped   TEXT,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
);
CREATE UNIQUE INDEX one_open_analysis ON analysis (workspace, kpi) WHERE closed_at IS NULL;
CREATE INDEX analyses_of_a_kpi ON analysis (workspace, kpi, number);
