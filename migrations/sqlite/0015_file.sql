-- Clause 7.5: files that people gave as evidence, and documents as they were handed out. A file goes
-- by its hash and is never changed.

CREATE TABLE file (
    workspace TEXT NOT NULL REFERENCES workspace,
    sha256    TEXT NOT NULL,
    name      TEXT NOT NULL,
    bytes     BLOB NOT NULL,
    kept_by   TEXT,
    kept_at   TEXT NOT NULL,
    PRIMARY KEY (workspace, sha256)
) STRICT;

CREATE TRIGGER file_is_never_changed BEFORE UPDATE ON file
BEGIN SELECT RAISE(ABORT, 'a file is kept as it is'); END;
CREATE TRIGGER file_is_never_deleted BEFORE DELETE ON file
BEGIN SELECT RAISE(ABORT, 'a file is kept as it is'); END;
