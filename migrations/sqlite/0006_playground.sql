-- The playground's chat: what a platform would keep for us.

-- `delivery` is the outbox job or the act that a message comes from: it is posted once.
CREATE TABLE playground_message (
    workspace    TEXT NOT NULL REFERENCES workspace,
    number       INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    thread       INTEGER,
    author       TEXT,
    posted       TEXT NOT NULL,
    edited       TEXT,
    delivery     TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (workspace, number),
    UNIQUE (workspace, delivery)
) STRICT, WITHOUT ROWID;
CREATE INDEX playground_message_place ON playground_message (workspace, conversation, number);
CREATE INDEX playground_message_thread ON playground_message (workspace, thread, number);

CREATE TABLE playground_file (
    workspace TEXT NOT NULL,
    number    INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, number) REFERENCES playground_message
) STRICT;

-- The last message of a conversation that a person has seen.
CREATE TABLE playground_seen (
    workspace    TEXT NOT NULL REFERENCES workspace,
    person       TEXT NOT NULL,
    conversation TEXT NOT NULL,
    number       INTEGER NOT NULL,
    PRIMARY KEY (workspace, person, conversation)
) STRICT, WITHOUT ROWID;
