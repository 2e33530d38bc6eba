-- What was asked for in vain and is told further up: to whom, and from which day of theirs on. Each
-- is told once of a record and its due date; what is not owed any more is forgotten.

CREATE TABLE escalation (
    workspace TEXT NOT NULL REFERENCES workspace,
    record    TEXT NOT NULL,
    due       DATE NOT NULL,
    owner     TEXT NOT NULL,
    receiver  TEXT NOT NULL,
    on_day    DATE NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, receiver, record, due)
);
