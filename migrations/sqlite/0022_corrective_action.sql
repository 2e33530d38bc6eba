-- Clause 10.2 in full: why it happened and where else it may, by what it will be seen that it worked
-- and who looks; the steps of the plan; what was tried before; and lists that stay fast.

ALTER TABLE action ADD COLUMN whys TEXT NOT NULL DEFAULT '[]';
ALTER TABLE action ADD COLUMN similar_found TEXT;
ALTER TABLE action ADD COLUMN similar_where TEXT;
ALTER TABLE action ADD COLUMN criterion TEXT;
ALTER TABLE action ADD COLUMN evidence_file TEXT;
ALTER TABLE action ADD COLUMN verifier TEXT;
-- The effective action on the same control that this one repeats.
ALTER TABLE action ADD COLUMN repeats INTEGER;
-- How many times it was begun: 1, and one more each time it is opened again.
ALTER TABLE action ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
-- In a list: first what is to be done (0), then what is to be checked (1), then what is over (2).
ALTER TABLE action ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
UPDATE action SET rank = CASE state WHEN 'done' THEN 1 WHEN 'effective' THEN 2 WHEN 'cancelled' THEN 2
                                    ELSE 0 END;

DROP INDEX action_owner;
CREATE INDEX action_rank ON action (workspace, rank, due, number);
CREATE INDEX action_owner ON action (workspace, owner, rank, due, number);
CREATE INDEX action_verifier ON action (workspace, verifier, rank);
CREATE INDEX action_control ON action (workspace, control, rank, due, number);
CREATE INDEX action_source ON action (workspace, source, rank, due, number);

-- The words of a title, in small letters, to be found by their beginnings.
CREATE TABLE action_word (
    workspace TEXT NOT NULL REFERENCES workspace,
    word      TEXT NOT NULL,
    number    INTEGER NOT NULL,
    PRIMARY KEY (workspace, word, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_word_of ON action_word (workspace, number, word);

INSERT OR IGNORE INTO action_word (workspace, word, number)
WITH RECURSIVE
plain (workspace, number, title) AS (
    SELECT workspace, number,
           replace(replace(replace(replace(replace(replace(replace(replace(replace(
               lower(title), '“', ' '), '”', ' '), '"', ' '), ',', ' '), '.', ' '), '-', ' '),
               '/', ' '), ':', ' '), '(', ' ') || ' '
    FROM action),
cut (workspace, number, word, rest) AS (
    SELECT workspace, number, '', title FROM plain
    UNION ALL
    SELECT workspace, number, substr(rest, 1, instr(rest, ' ') - 1),
           substr(rest, instr(rest, ' ') + 1)
    FROM cut WHERE rest <> '')
SELECT workspace, word, number FROM cut WHERE word <> '';

CREATE TABLE action_step (
    workspace TEXT NOT NULL REFERENCES workspace,
    action    INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    round     INTEGER NOT NULL,
    what      TEXT NOT NULL,
    owner     TEXT NOT NULL,
    due       TEXT NOT NULL,
    done_by   TEXT,
    done_at   TEXT,
    note      TEXT,
    PRIMARY KEY (workspace, action, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_step_owed ON action_step (workspace, owner, action) WHERE done_at IS NULL;

-- What was done before an action was opened again.
CREATE TABLE action_round (
    workspace TEXT NOT NULL REFERENCES workspace,
    action    INTEGER NOT NULL,
    round     INTEGER NOT NULL,
    cause     TEXT,
    plan      TEXT,
    criterion TEXT,
    evidence  TEXT,
    evidence_file TEXT,
    done_by   TEXT,
    done_at   TEXT,
    outcome   TEXT NOT NULL,
    said      TEXT NOT NULL,
    ended_by  TEXT NOT NULL,
    ended_at  TEXT NOT NULL,
    PRIMARY KEY (workspace, action, round)
) STRICT, WITHOUT ROWID;
