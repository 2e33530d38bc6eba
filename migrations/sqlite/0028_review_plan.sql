-- Reviews that repeat, what became of their dates, the pack that was sent before each, climate change in
-- the inputs (b) and (c), the risk register, and the link to the calendar.

-- Reviews are scheduled one after the other, in the rhythm of the workspace.
CREATE TABLE review_series (
    workspace TEXT NOT NULL REFERENCES workspace,
    begun_by  TEXT NOT NULL,
    begun_at  TEXT NOT NULL,
    PRIMARY KEY (workspace),
    FOREIGN KEY (workspace, begun_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- A review was moved (`now_on` says to when) or cancelled. Counts the changes of a review from 1.
CREATE TABLE review_change (
    workspace  TEXT NOT NULL,
    review     TEXT NOT NULL,
    number     INTEGER NOT NULL,
    was_on     TEXT NOT NULL,
    now_on     TEXT,
    reason     TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (workspace, review, number),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, changed_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- What was sent to who takes part, before the day that was planned then.
CREATE TABLE review_pack (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    held_on   TEXT NOT NULL,
    pdf       TEXT NOT NULL,
    markdown  TEXT NOT NULL,
    sent_at   TEXT NOT NULL,
    PRIMARY KEY (workspace, review, held_on),
    FOREIGN KEY (workspace, review) REFERENCES review
) STRICT, WITHOUT ROWID;

-- Whether climate change is relevant (amendment 1 of 2024), in the inputs (b) and (c).
ALTER TABLE review_input ADD COLUMN climate TEXT;

-- The risk register as it was last taken in.
CREATE TABLE risk (
    workspace TEXT NOT NULL REFERENCES workspace,
    risk      TEXT NOT NULL,
    title     TEXT NOT NULL,
    level     TEXT NOT NULL,
    treatment TEXT NOT NULL,
    owner     TEXT,
    due       TEXT,
    status    TEXT NOT NULL,
    PRIMARY KEY (workspace, risk)
) STRICT, WITHOUT ROWID;

-- Each time it was taken in, counted from 1; `counts` says how it stood then.
CREATE TABLE risk_intake (
    workspace TEXT NOT NULL REFERENCES workspace,
    number    INTEGER NOT NULL,
    taken_at  TEXT NOT NULL,
    taken_by  TEXT,
    via       TEXT NOT NULL,
    file      TEXT,
    counts    TEXT NOT NULL,
    PRIMARY KEY (workspace, number),
    FOREIGN KEY (workspace, taken_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- What a token is good for: values of KPIs, or the risk register.
ALTER TABLE kpi_token ADD COLUMN scope TEXT NOT NULL DEFAULT 'kpis';

-- The one link under which calendars ask for the reviews of a workspace.
CREATE TABLE calendar_link (
    workspace TEXT NOT NULL REFERENCES workspace,
    hash      TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   TEXT NOT NULL,
    PRIMARY KEY (workspace),
    FOREIGN KEY (workspace, made_by) REFERENCES person
) STRICT, WITHOUT ROWID;
