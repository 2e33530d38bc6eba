-- The Discord face's own bookkeeping.

-- Commands too long for a button to carry; their hash travels instead.
CREATE TABLE discord_command (
    workspace TEXT NOT NULL REFERENCES workspace,
    hash TEXT NOT NULL,
    command TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (workspace, hash)
) STRICT;

-- Who holds the gateway, and until when: one process among several.
CREATE TABLE discord_leader (
    application TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

-- What commands are registered, by their fingerprint.
CREATE TABLE discord_registration (
    application TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
