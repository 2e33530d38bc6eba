-- Clause 10.2: corrective actions.

CREATE TABLE action (
    workspace   TEXT NOT NULL REFERENCES workspace,
    number      BIGINT NOT NULL,
    title       TEXT NOT NULL,
    source      TEXT NOT NULL,
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    control     TEXT,
    owner       TEXT,
    due         DATE NOT NULL,
    extensions  BIGINT NOT NULL DEFAULT 0,
    cause       TEXT,
    plan        TEXT,
    evidence    TEXT,
    raised_by   TEXT NOT NULL,
    raised_at   TIMESTAMPTZ NOT NULL,
    done_by     TEXT,
    done_at     TIMESTAMPTZ,
    check_on    DATE,
    verified_by TEXT,
    verified_at TIMESTAMPTZ,
    PRIMARY KEY (workspace, number)
);
CREATE INDEX action_due ON action (workspace, state, due);
CREATE INDEX action_owner ON action (workspace, owner, state);
