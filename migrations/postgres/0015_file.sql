-- Clause 7.5: files that people gave as evidence, and documents as they were handed out. A file goes
-- by its hash and is never changed.

CREATE TABLE file (
    workspace TEXT NOT NULL REFERENCES workspace,
    sha256    TEXT NOT NULL,
    name      TEXT NOT NULL,
    bytes     BYTEA NOT NULL,
    kept_by   TEXT,
    kept_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, sha256)
);

CREATE FUNCTION file_is_kept_as_it_is() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a file is kept as it is'; END $$;
CREATE TRIGGER file_is_never_changed BEFORE UPDATE OR DELETE ON file
FOR EACH ROW EXECUTE FUNCTION file_is_kept_as_it_is();
