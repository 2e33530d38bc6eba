-- Reminders that a person put off, per record.

CREATE TABLE snooze (
    workspace TEXT NOT NULL REFERENCES workspace,
    person    TEXT NOT NULL,
    record    TEXT NOT NULL,
    until_day TEXT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (workspace, person, record),
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;
