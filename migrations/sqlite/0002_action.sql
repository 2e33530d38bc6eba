-- Clause 10.2: corrective actions.

CREATE TABLE action (
    workspace   TEXT NOT NULL REFERENCES workspace,
    number      INTEGER NOT NULL,
    title       TEXT NOT NULL,
    source      TEXT NOT NULL,
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    control     TEXT,
    owner       TEXT,
    due         TEXT NOT NULL,
    extensions  INTEGER NOT NULL DEFAULT 0,
    cause       TEXT,
    plan        TEXT,
    evidence    TEXT,
    raised_by   TEXT NOT NULL,
    raised_at   TEXT NOT NULL,
    done_by     TEXT,
    done_at     TEXT,
    check_on    TEXT,
    verified_by TEXT,
    verified_at TEXT,
    PRIMARY KEY (workspace, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_due ON action (workspace, state, due);
CREATE INDEX action_owner ON action (workspace, owner, state);
