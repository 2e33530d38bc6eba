-- Since when a source fails, and how often in a row: it is asked again ever more rarely.

ALTER TABLE kpi_source ADD COLUMN failing_since TEXT;
ALTER TABLE kpi_source ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
