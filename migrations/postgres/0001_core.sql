-- Workspaces, people, the log, what is scheduled and what is to be sent.

CREATE TABLE workspace (
    workspace    TEXT PRIMARY KEY NOT NULL,
    platform     TEXT NOT NULL,
    external     TEXT NOT NULL,
    name         TEXT NOT NULL,
    zone         TEXT NOT NULL,
    working_days TEXT NOT NULL,
    channel      TEXT,
    log_entries  BIGINT NOT NULL DEFAULT 0,
    log_hash     TEXT NOT NULL,
    UNIQUE (platform, external)
);

CREATE TABLE person (
    workspace TEXT NOT NULL REFERENCES workspace,
    person    TEXT NOT NULL,
    external  TEXT NOT NULL,
    name      TEXT NOT NULL,
    zone      TEXT,
    role      TEXT NOT NULL,
    present   BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (workspace, person),
    UNIQUE (workspace, external)
);

-- The last number given out, per kind of record.
CREATE TABLE counter (
    workspace TEXT NOT NULL REFERENCES workspace,
    kind      TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (workspace, kind)
);

-- The append-only log. `body` is the canonical JSON that `hash` covers.
CREATE TABLE event (
    workspace TEXT NOT NULL REFERENCES workspace,
    entry     BIGINT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    actor     TEXT,
    kind      TEXT NOT NULL,
    record    TEXT NOT NULL,
    body      TEXT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (workspace, entry)
);
CREATE INDEX event_record ON event (workspace, record, entry);

CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
FOR EACH ROW EXECUTE FUNCTION event_is_append_only();

-- Acts already carried out, by the platform's id of them: a repeat finds itself here.
CREATE TABLE inbound (
    workspace TEXT NOT NULL REFERENCES workspace,
    event     TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, event)
);

-- An occurrence is one nominal local time of a schedule; it happens at most once.
CREATE TABLE occurrence (
    workspace TEXT NOT NULL REFERENCES workspace,
    schedule  TEXT NOT NULL,
    nominal   TIMESTAMP NOT NULL,
    outcome   TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, schedule, nominal)
);

-- What is to be sent. `subject` is worded when it is sent, so that it tells the state of then. `due`
-- is when a worker may take it; of a claimed job, when its claim runs out.
CREATE TABLE outbox (
    workspace     TEXT NOT NULL REFERENCES workspace,
    job           TEXT PRIMARY KEY NOT NULL,
    subject       JSONB NOT NULL,
    key           TEXT NOT NULL,
    target        JSONB NOT NULL,
    thread_of     TEXT,
    due           TIMESTAMPTZ NOT NULL,
    state         TEXT NOT NULL,
    attempts      BIGINT NOT NULL DEFAULT 0,
    failure       TEXT,
    sent_at       TIMESTAMPTZ
);
CREATE UNIQUE INDEX outbox_waiting ON outbox (workspace, key) WHERE state = 'queued';
CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('queued', 'claimed', 'unknown');
CREATE INDEX outbox_key ON outbox (workspace, key);

-- Where a sent message stands, for later edits and threads.
CREATE TABLE post (
    workspace TEXT NOT NULL REFERENCES workspace,
    key       TEXT NOT NULL,
    channel   TEXT NOT NULL,
    message   TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, key)
);
