-- What was filled into forms and not carried out yet: kept for a day, not a record.

CREATE TABLE draft (
    workspace TEXT NOT NULL,
    person    TEXT NOT NULL,
    command   TEXT NOT NULL,
    filled    JSONB NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, person, command),
    FOREIGN KEY (workspace, person) REFERENCES person
);
