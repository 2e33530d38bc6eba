-- Clause 9.3: management reviews and the seven inputs of each.

CREATE TABLE review (
    workspace   TEXT NOT NULL REFERENCES workspace,
    review      TEXT NOT NULL,
    title       TEXT NOT NULL,
    held_on     TEXT NOT NULL,
    state       TEXT NOT NULL,
    finished_on TEXT,
    PRIMARY KEY (workspace, review)
) STRICT, WITHOUT ROWID;

-- Answered when `answered_at` is there; an answer without text is “nothing to report”.
CREATE TABLE review_input (
    workspace   TEXT NOT NULL,
    review      TEXT NOT NULL,
    item        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    answer      TEXT,
    answered_by TEXT,
    answered_at TEXT,
    PRIMARY KEY (workspace, review, item),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, owner) REFERENCES person
) STRICT, WITHOUT ROWID;
CREATE INDEX review_input_owner ON review_input (workspace, owner);
