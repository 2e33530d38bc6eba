-- The playground's chat: what a platform would keep for us.

-- `delivery` is the outbox job or the act that a message comes from: it is posted once.
CREATE TABLE playground_message (
    workspace    TEXT NOT NULL REFERENCES workspace,
    number       BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    thread       BIGINT,
    author       TEXT,
    posted       TIMESTAMPTZ NOT NULL,
    edited       TIMESTAMPTZ,
    delivery     TEXT NOT NULL,
    body         JSONB NOT NULL,
    PRIMARY KEY (workspace, number),
    UNIQUE (workspace, delivery)
);
CREATE INDEX playground_message_place ON playground_message (workspace, conversation, number);
CREATE INDEX playground_message_thread ON playground_message (workspace, thread, number);

CREATE TABLE playground_file (
    workspace TEXT NOT NULL,
    number    BIGINT NOT NULL,
    bytes     BYTEA NOT NULL,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, number) REFERENCES playground_message
);

-- The last message of a conversation that a person has seen.
CREATE TABLE playground_seen (
    workspace    TEXT NOT NULL REFERENCES workspace,
    person       TEXT NOT NULL,
    conversation TEXT NOT NULL,
    number       BIGINT NOT NULL,
    PRIMARY KEY (workspace, person, conversation)
);
