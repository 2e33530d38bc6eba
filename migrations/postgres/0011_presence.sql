-- Who is there: absences, one person in two places, what managers hear of, and what a message that
-- stands asks for.

-- Away from a day on, and back on another. Without a deputy the managers stand in.
CREATE TABLE absence (
    workspace TEXT NOT NULL REFERENCES workspace,
    person    TEXT NOT NULL,
    from_day  DATE NOT NULL,
    until_day DATE NOT NULL,
    deputy    TEXT,
    reason    TEXT,
    said_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, person),
    FOREIGN KEY (workspace, person) REFERENCES person,
    FOREIGN KEY (workspace, deputy) REFERENCES person
);

-- A one-time code, as the hash of it: whoever says it elsewhere is this person.
CREATE TABLE link_code (
    workspace TEXT NOT NULL,
    person    TEXT NOT NULL,
    hash      TEXT NOT NULL UNIQUE,
    expires   TIMESTAMPTZ NOT NULL,
    used_at   TIMESTAMPTZ,
    PRIMARY KEY (workspace, person),
    FOREIGN KEY (workspace, person) REFERENCES person
);

-- Codes that a person said and that were none, since a moment.
CREATE TABLE link_guess (
    workspace TEXT NOT NULL,
    person    TEXT NOT NULL,
    since     TIMESTAMPTZ NOT NULL,
    wrong     BIGINT NOT NULL,
    PRIMARY KEY (workspace, person),
    FOREIGN KEY (workspace, person) REFERENCES person
);

-- The same person in another workspace; each side has its row.
CREATE TABLE link (
    workspace       TEXT NOT NULL,
    person          TEXT NOT NULL,
    other_workspace TEXT NOT NULL,
    other_person    TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, person, other_workspace, other_person),
    FOREIGN KEY (workspace, person) REFERENCES person,
    FOREIGN KEY (other_workspace, other_person) REFERENCES person
);

-- What managers hear of once, until it is mended.
CREATE TABLE trouble (
    workspace  TEXT NOT NULL REFERENCES workspace,
    key        TEXT NOT NULL,
    what       JSONB NOT NULL,
    first_at   TIMESTAMPTZ NOT NULL,
    last_at    TIMESTAMPTZ NOT NULL,
    times      BIGINT NOT NULL,
    told_at    TIMESTAMPTZ,
    cleared_at TIMESTAMPTZ,
    PRIMARY KEY (workspace, key)
);

-- The records that the buttons of a message are about, by the message's key.
CREATE TABLE asks (
    workspace TEXT NOT NULL REFERENCES workspace,
    key       TEXT NOT NULL,
    record    TEXT NOT NULL,
    PRIMARY KEY (workspace, key, record)
);
CREATE INDEX asks_record ON asks (workspace, record);
CREATE INDEX post_place ON post (workspace, channel, message);
