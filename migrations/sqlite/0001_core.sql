-- Workspaces, people, the log, what is scheduled and what is to be sent.

CREATE TABLE workspace (
    workspace    TEXT PRIMARY KEY NOT NULL,
    platform     TEXT NOT NULL,
    external     TEXT NOT NULL,
    name         TEXT NOT NULL,
    zone         TEXT NOT NULL,
    working_days TEXT NOT NULL,
    channel      TEXT,
    log_entries  INTEGER NOT NULL DEFAULT 0,
    log_hash     TEXT NOT NULL,
    UNIQUE (platform, external)
) STRICT;

CREATE TABLE person (
    workspace TEXT NOT NULL REFERENCES workspace,
    person    TEXT NOT NULL,
    external  TEXT NOT NULL,
    name      TEXT NOT NULL,
    zone      TEXT,
    role      TEXT NOT NULL,
    present   INTEGER NOT NULL DEFAULT TRUE,
    PRIMARY KEY (workspace, person),
    UNIQUE (workspace, external)
) STRICT, WITHOUT ROWID;

-- The last number given out, per kind of record.
CREATE TABLE counter (
    workspace TEXT NOT NULL REFERENCES workspace,
    kind      TEXT NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (workspace, kind)
) STRICT, WITHOUT ROWID;

-- The append-only log. `body` is the canonical JSON that `hash` covers.
CREATE TABLE event (
    workspace TEXT NOT NULL REFERENCES workspace,
    entry     INTEGER NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT,
    kind      TEXT NOT NULL,
    record    TEXT NOT NULL,
    body      TEXT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (workspace, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_record ON event (workspace, record, entry);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- Acts already carried out, by the platform's id of them: a repeat finds itself here.
CREATE TABLE inbound (
    workspace TEXT NOT NULL REFERENCES workspace,
    event     TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (workspace, event)
) STRICT, WITHOUT ROWID;

-- An occurrence is one nominal local time of a schedule; it happens at most once.
CREATE TABLE occurrence (
    workspace TEXT NOT NULL REFERENCES workspace,
    schedule  TEXT NOT NULL,
    nominal   TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (workspace, schedule, nominal)
) STRICT, WITHOUT ROWID;

-- What is to be sent. `subject` is worded when it is sent, so that it tells the state of then. `due`
-- is when a worker may take it; of a claimed job, when its claim runs out.
CREATE TABLE outbox (
    workspace     TEXT NOT NULL REFERENCES workspace,
    job           TEXT PRIMARY KEY NOT NULL,
    subject       TEXT NOT NULL,
    key           TEXT NOT NULL,
    target        TEXT NOT NULL,
    thread_of     TEXT,
    due           TEXT NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    failure       TEXT,
    sent_at       TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_waiting ON outbox (workspace, key) WHERE state = 'queued';
CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('queued', 'claimed', 'unknown');
CREATE INDEX outbox_key ON outbox (workspace, key);

-- Where a sent message stands, for later edits and threads.
CREATE TABLE post (
    workspace TEXT NOT NULL REFERENCES workspace,
    key       TEXT NOT NULL,
    channel   TEXT NOT NULL,
    message   TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (workspace, key)
) STRICT, WITHOUT ROWID;
