-- Clause 9.3: management reviews and the seven inputs of each.

CREATE TABLE review (
    workspace   TEXT NOT NULL REFERENCES workspace,
    review      TEXT NOT NULL,
    title       TEXT NOT NULL,
    held_on     DATE NOT NULL,
    state       TEXT NOT NULL,
    finished_on DATE,
    PRIMARY KEY (workspace, review)
);

-- Answered when `answered_at` is there; an answer without text is “nothing to report”.
CREATE TABLE review_input (
    workspace   TEXT NOT NULL,
    review      TEXT NOT NULL,
    item        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    answer      TEXT,
    answered_by TEXT,
    answered_at TIMESTAMPTZ,
    PRIMARY KEY (workspace, review, item),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, owner) REFERENCES person
);
CREATE INDEX review_input_owner ON review_input (workspace, owner);
