-- An organisation's own questions for the checklists of its audits; until when a finding is to be
-- answered by whoever answers for its area, and what the auditor decided then.

CREATE TABLE audit_question (
    workspace   TEXT NOT NULL REFERENCES workspace,
    nth         BIGINT NOT NULL,
    requirement TEXT NOT NULL,
    question    TEXT NOT NULL,
    PRIMARY KEY (workspace, nth)
);

ALTER TABLE finding ADD COLUMN answer_by DATE;
ALTER TABLE finding ADD COLUMN decided_by TEXT;
ALTER TABLE finding ADD COLUMN decided_at TIMESTAMPTZ;
ALTER TABLE finding ADD COLUMN decision TEXT;
