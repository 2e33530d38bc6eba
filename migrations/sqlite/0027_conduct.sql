-- An organisation's own questions for the checklists of its audits; until when a finding is to be
-- answered by whoever answers for its area, and what the auditor decided then.

CREATE TABLE audit_question (
    workspace   TEXT NOT NULL REFERENCES workspace,
    nth         INTEGER NOT NULL,
    requirement TEXT NOT NULL,
    question    TEXT NOT NULL,
    PRIMARY KEY (workspace, nth)
) STRICT, WITHOUT ROWID;

ALTER TABLE finding ADD COLUMN answer_by TEXT;
ALTER TABLE finding ADD COLUMN decided_by TEXT;
ALTER TABLE finding ADD COLUMN decided_at TEXT;
ALTER TABLE finding ADD COLUMN decision TEXT;
