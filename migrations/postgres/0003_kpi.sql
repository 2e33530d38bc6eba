-- Clause 9.1: KPIs and their values.

CREATE TABLE kpi (
    workspace TEXT NOT NULL REFERENCES workspace,
    key       TEXT NOT NULL,
    name      TEXT NOT NULL,
    purpose   TEXT,
    unit      TEXT NOT NULL,
    direction TEXT NOT NULL,
    target    DOUBLE PRECISION NOT NULL,
    warning   DOUBLE PRECISION,
    frequency TEXT NOT NULL,
    measurer  TEXT NOT NULL,
    analyst   TEXT NOT NULL,
    paused    TEXT,
    since     DATE NOT NULL,
    PRIMARY KEY (workspace, key)
);

-- One row per value given. A correction is a row with the next revision; `period` is the first day.
CREATE TABLE measurement (
    workspace   TEXT NOT NULL,
    kpi         TEXT NOT NULL,
    period      DATE NOT NULL,
    revision    BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    note        TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, kpi, period, revision),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
);

CREATE FUNCTION measurement_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a value is corrected by a new revision'; END $$;
CREATE TRIGGER measurement_is_never_changed BEFORE UPDATE OR DELETE ON measurement
FOR EACH ROW EXECUTE FUNCTION measurement_is_append_only();
