-- Clause 9.1 a, b: where the values of a KPI come from, and how they are judged.

ALTER TABLE kpi ADD COLUMN source TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE kpi ADD COLUMN scale TEXT NOT NULL DEFAULT 'linear';

-- What a source that works by itself is asked, and how it went. `told` is when its measurer was told
-- that it fails.
CREATE TABLE kpi_source (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    setting   JSONB NOT NULL,
    tried_at  TIMESTAMPTZ,
    worked_at TIMESTAMPTZ,
    fault     TEXT,
    told_at   TIMESTAMPTZ,
    PRIMARY KEY (workspace, kpi),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
);

-- A value may come from a machine: then nobody recorded it, and `via` says what did.
ALTER TABLE measurement ALTER COLUMN recorded_by DROP NOT NULL;
ALTER TABLE measurement ADD COLUMN via TEXT;
ALTER TABLE measurement ADD COLUMN file TEXT;
ALTER TABLE measurement ADD CHECK (recorded_by IS NOT NULL OR via IS NOT NULL);
