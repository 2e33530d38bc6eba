-- Slack workspaces that installed the bot by its page, and installs on their way.

-- `team` is Slack's id of the workspace, `sealed` its tokens under the key `sealed_by`; both are
-- empty once the token is good for nothing.
CREATE TABLE slack_install (
    team         TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    bot_user     TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    sealed_by    TEXT NOT NULL,
    installed_by TEXT NOT NULL,
    at           TEXT NOT NULL,
    expires_at   TEXT,
    refreshing   TEXT,
    revoked_at   TEXT
) STRICT, WITHOUT ROWID;

-- A state may come back once, until its time is over.
CREATE TABLE slack_state (
    state TEXT PRIMARY KEY NOT NULL,
    until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
