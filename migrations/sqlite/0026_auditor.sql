-- Who audits beside the auditor who leads, and why somebody audits whom something speaks against. The
-- reports of audits, and which audits look at earlier findings again.

ALTER TABLE competence ADD COLUMN file TEXT;

CREATE TABLE audit_member (
    workspace TEXT NOT NULL REFERENCES workspace,
    audit     TEXT NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (workspace, audit, person),
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;

-- Auditors without an account in the chat.
CREATE TABLE audit_guest (
    workspace  TEXT NOT NULL REFERENCES workspace,
    audit      TEXT NOT NULL,
    name       TEXT NOT NULL,
    competence TEXT NOT NULL,
    PRIMARY KEY (workspace, audit, name)
) STRICT, WITHOUT ROWID;

-- A person may audit, though this speaks against it.
CREATE TABLE audit_override (
    workspace  TEXT NOT NULL REFERENCES workspace,
    audit      TEXT NOT NULL,
    number     INTEGER NOT NULL,
    person     TEXT NOT NULL,
    doubts     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (workspace, audit, number),
    FOREIGN KEY (workspace, person) REFERENCES person,
    FOREIGN KEY (workspace, decided_by) REFERENCES person
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_override_is_never_changed BEFORE UPDATE ON audit_override
BEGIN SELECT RAISE(ABORT, 'an override stays as it was decided'); END;
CREATE TRIGGER audit_override_is_never_deleted BEFORE DELETE ON audit_override
BEGIN SELECT RAISE(ABORT, 'an override stays as it was decided'); END;

CREATE TABLE audit_report (
    workspace TEXT NOT NULL REFERENCES workspace,
    audit     TEXT NOT NULL,
    summary   TEXT NOT NULL,
    pdf       TEXT NOT NULL,
    markdown  TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   TEXT NOT NULL,
    PRIMARY KEY (workspace, audit),
    FOREIGN KEY (workspace, made_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- An audit that was put into the plan to see whether a finding is closed.
CREATE TABLE audit_follow_up (
    workspace TEXT NOT NULL REFERENCES workspace,
    audit     TEXT NOT NULL,
    finding   INTEGER NOT NULL,
    PRIMARY KEY (workspace, audit, finding),
    FOREIGN KEY (workspace, finding) REFERENCES finding
) STRICT, WITHOUT ROWID;
