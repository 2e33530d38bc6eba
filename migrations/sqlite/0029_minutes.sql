-- Clause 9.3.3: the meeting, what it decided, its minutes, who approved and who signed them.

-- Who has to be at a review: the chair and a leader, or half of those invited too.
ALTER TABLE workspace ADD COLUMN quorum TEXT NOT NULL DEFAULT 'leader';

CREATE TABLE review_meeting (
    workspace    TEXT NOT NULL,
    review       TEXT NOT NULL,
    begun_by     TEXT NOT NULL,
    begun_at     TEXT NOT NULL,
    suitable     TEXT,
    adequate     TEXT,
    effective    TEXT,
    concluded_by TEXT,
    concluded_at TEXT,
    -- The signed minutes, by the SHA-256 of the file.
    archived     TEXT,
    PRIMARY KEY (workspace, review),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, begun_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- `who` is a person, or the name of a guest.
CREATE TABLE review_attendance (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    who       TEXT NOT NULL,
    present   INTEGER NOT NULL,
    -- A leader, when it was said.
    leads     INTEGER NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (workspace, review, who),
    FOREIGN KEY (workspace, review) REFERENCES review
) STRICT, WITHOUT ROWID;

-- Who gets the minutes without taking part.
CREATE TABLE review_copy (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (workspace, review, person),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, person) REFERENCES person
) STRICT, WITHOUT ROWID;

-- What was said about an input; each version stays.
CREATE TABLE review_note (
    workspace  TEXT NOT NULL,
    review     TEXT NOT NULL,
    item       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    note       TEXT NOT NULL,
    written_by TEXT NOT NULL,
    written_at TEXT NOT NULL,
    PRIMARY KEY (workspace, review, item, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, written_by) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TABLE review_decision (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    number    INTEGER NOT NULL,
    item      TEXT NOT NULL,
    decision  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    owner     TEXT,
    due       TEXT,
    -- Why it was taken back.
    withdrawn TEXT,
    -- The number of the action that came of it.
    action    INTEGER,
    made_by   TEXT NOT NULL,
    made_at   TEXT NOT NULL,
    PRIMARY KEY (workspace, review, number),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, owner) REFERENCES person,
    FOREIGN KEY (workspace, made_by) REFERENCES person
) STRICT, WITHOUT ROWID;

-- Each version of the minutes stays; the newest is the one that can be approved.
CREATE TABLE review_minutes (
    workspace  TEXT NOT NULL,
    review     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    sections   TEXT NOT NULL,
    written_by TEXT NOT NULL,
    written_at TEXT NOT NULL,
    PRIMARY KEY (workspace, review, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, written_by) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TABLE review_approval (
    workspace   TEXT NOT NULL,
    review      TEXT NOT NULL,
    version     INTEGER NOT NULL,
    approved_by TEXT NOT NULL,
    -- The chair, where somebody else had to approve.
    in_place_of TEXT,
    approved_at TEXT NOT NULL,
    file        TEXT NOT NULL,
    PRIMARY KEY (workspace, review, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, approved_by) REFERENCES person
) STRICT, WITHOUT ROWID;

CREATE TABLE review_signature (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    version   INTEGER NOT NULL,
    signer    TEXT NOT NULL,
    file      TEXT NOT NULL,
    signed_at TEXT NOT NULL,
    PRIMARY KEY (workspace, review, version, signer),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, signer) REFERENCES person
) STRICT, WITHOUT ROWID;
