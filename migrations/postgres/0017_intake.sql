-- Clause 9.1: values and alerts that programs send.

-- What a program shows to be let in; only a hash is kept. Without KPIs it is for every one that
-- programs send.
CREATE TABLE kpi_token (
    workspace  TEXT NOT NULL REFERENCES workspace,
    token      TEXT NOT NULL,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    kpis       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (workspace, token),
    UNIQUE (workspace, hash)
);
CREATE UNIQUE INDEX kpi_token_name ON kpi_token (workspace, name) WHERE revoked_at IS NULL;

-- What was answered under an idempotency key, and the hash of what was asked.
CREATE TABLE intake_answer (
    workspace   TEXT NOT NULL,
    token       TEXT NOT NULL,
    key         TEXT NOT NULL,
    asked       TEXT NOT NULL,
    answer      JSONB NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, token, key),
    FOREIGN KEY (workspace, token) REFERENCES kpi_token
);
CREATE INDEX intake_answer_age ON intake_answer (workspace, answered_at);

-- An alert that is counted, once, in the period in which it began.
CREATE TABLE alert (
    workspace  TEXT NOT NULL,
    kpi        TEXT NOT NULL,
    alert      TEXT NOT NULL,
    period     DATE NOT NULL,
    name       TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    heard_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, kpi, alert),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
);
CREATE INDEX alert_period ON alert (workspace, kpi, period);

-- In which periods the sender of alerts was heard: without that no count stands for "none".
CREATE TABLE alert_heard (
    workspace TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    period    DATE NOT NULL,
    PRIMARY KEY (workspace, kpi, period),
    FOREIGN KEY (workspace, kpi) REFERENCES kpi
);
