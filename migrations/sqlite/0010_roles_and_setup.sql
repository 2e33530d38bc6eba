-- Clause 5.3: who has which role and since when, who is responsible for what, and how far the set-up
-- of a workspace is.

ALTER TABLE workspace ADD COLUMN audit_channel TEXT;
ALTER TABLE workspace ADD COLUMN alert_channel TEXT;
ALTER TABLE workspace ADD COLUMN reviews TEXT NOT NULL DEFAULT 'quarterly';
ALTER TABLE workspace ADD COLUMN set_up_at TEXT;
ALTER TABLE workspace ADD COLUMN set_up_by TEXT;

-- 'bootstrap' follows the platform's administrators until the set-up is finished; 'grant' was given.
ALTER TABLE person ADD COLUMN role_from TEXT NOT NULL DEFAULT 'bootstrap';
UPDATE person SET role_from = 'grant' WHERE role NOT IN ('manager', 'member')
    OR workspace IN (SELECT workspace FROM workspace WHERE platform = 'playground');

-- One row per role given or taken; the highest number of a person stands.
CREATE TABLE role_change (
    workspace TEXT NOT NULL REFERENCES workspace,
    person    TEXT NOT NULL,
    number    INTEGER NOT NULL,
    role      TEXT NOT NULL,
    was       TEXT NOT NULL,
    reason    TEXT,
    given_by  TEXT NOT NULL,
    given_at  TEXT NOT NULL,
    PRIMARY KEY (workspace, person, number),
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TRIGGER role_change_is_never_changed BEFORE UPDATE ON role_change
BEGIN SELECT RAISE(ABORT, 'a role is changed by a new row'); END;
CREATE TRIGGER role_change_is_never_deleted BEFORE DELETE ON role_change
BEGIN SELECT RAISE(ABORT, 'a role is changed by a new row'); END;

-- What shows that a person can audit. A row that withdraws another takes it back.
CREATE TABLE competence (
    workspace   TEXT NOT NULL REFERENCES workspace,
    person      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    training    TEXT NOT NULL,
    held_on     TEXT,
    valid_until TEXT,
    evidence    TEXT,
    withdraws   INTEGER,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (workspace, person, number),
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TRIGGER competence_is_never_changed BEFORE UPDATE ON competence
BEGIN SELECT RAISE(ABORT, 'competence is corrected by a new row'); END;
CREATE TRIGGER competence_is_never_deleted BEFORE DELETE ON competence
BEGIN SELECT RAISE(ABORT, 'competence is corrected by a new row'); END;

-- An area is a clause, a control group, or a single clause or control.
CREATE TABLE area (
    workspace TEXT NOT NULL REFERENCES workspace,
    area      TEXT NOT NULL,
    owner     TEXT,
    PRIMARY KEY (workspace, area),
    FOREIGN KEY (workspace, owner) REFERENCES person
) STRICT, WITHOUT ROWID;

-- One row per time a step of the set-up was done or skipped. `put_back` is what undoing needs.
CREATE TABLE setup_step (
    workspace TEXT NOT NULL REFERENCES workspace,
    number    INTEGER NOT NULL,
    step      TEXT NOT NULL,
    state     TEXT NOT NULL,
    put_back  TEXT NOT NULL,
    taken_by  TEXT NOT NULL,
    taken_at  TEXT NOT NULL,
    undone_at TEXT,
    PRIMARY KEY (workspace, number)
) STRICT, WITHOUT ROWID;
