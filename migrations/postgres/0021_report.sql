-- Clause 9.1 e, f: performance reports as they were published, and who has evaluated them.

ALTER TABLE workspace ADD COLUMN reports TEXT NOT NULL DEFAULT 'quarterly';

-- The highest edition of a period stands, the others stay.
CREATE TABLE report (
    workspace    TEXT NOT NULL REFERENCES workspace,
    period       TEXT NOT NULL,
    edition      BIGINT NOT NULL,
    summary      TEXT NOT NULL,
    pdf          TEXT NOT NULL,
    markdown     TEXT NOT NULL,
    csv          TEXT NOT NULL,
    published_by TEXT,
    published_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, period, edition),
    FOREIGN KEY (workspace, pdf) REFERENCES file,
    FOREIGN KEY (workspace, markdown) REFERENCES file,
    FOREIGN KEY (workspace, csv) REFERENCES file
);
CREATE INDEX report_by_time ON report (workspace, published_at);

CREATE FUNCTION report_is_published_again() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a report is published again as another edition'; END $$;
CREATE TRIGGER report_is_never_changed BEFORE UPDATE OR DELETE ON report
FOR EACH ROW EXECUTE FUNCTION report_is_published_again();

CREATE TABLE report_evaluation (
    workspace  TEXT NOT NULL,
    period     TEXT NOT NULL,
    edition    BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    person     TEXT NOT NULL,
    conclusion TEXT,
    at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, period, edition, number),
    FOREIGN KEY (workspace, period, edition) REFERENCES report
);

CREATE FUNCTION report_evaluation_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an evaluation stays as it was given'; END $$;
CREATE TRIGGER report_evaluation_is_never_changed BEFORE UPDATE OR DELETE ON report_evaluation
FOR EACH ROW EXECUTE FUNCTION report_evaluation_stays();
