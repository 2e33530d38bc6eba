-- Clause 9.3.3: the meeting, what it decided, its minutes, who approved and who signed them.

-- Who has to be at a review: the chair and a leader, or half of those invited too.
ALTER TABLE workspace ADD COLUMN quorum TEXT NOT NULL DEFAULT 'leader';

CREATE TABLE review_meeting (
    workspace    TEXT NOT NULL,
    review       TEXT NOT NULL,
    begun_by     TEXT NOT NULL,
    begun_at     TIMESTAMPTZ NOT NULL,
    suitable     TEXT,
    adequate     TEXT,
    effective    TEXT,
    concluded_by TEXT,
    concluded_at TIMESTAMPTZ,
    -- The signed minutes, by the SHA-256 of the file.
    archived     TEXT,
    PRIMARY KEY (workspace, review),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, begun_by) REFERENCES person
);

-- `who` is a person, or the name of a guest.
CREATE TABLE review_attendance (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    who       TEXT NOT NULL,
    present   BOOLEAN NOT NULL,
    -- A leader, when it was said.
    leads     BOOLEAN NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, review, who),
    FOREIGN KEY (workspace, review) REFERENCES review
);

-- Who gets the minutes without taking part.
CREATE TABLE review_copy (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    person    TEXT NOT NULL,
    PRIMARY KEY (workspace, review, person),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, person) REFERENCES person
);

-- What was said about an input; each version stays.
CREATE TABLE review_note (
    workspace  TEXT NOT NULL,
    review     TEXT NOT NULL,
    item       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    note       TEXT NOT NULL,
    written_by TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, review, item, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, written_by) REFERENCES person
);

CREATE TABLE review_decision (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    number    BIGINT NOT NULL,
    item      TEXT NOT NULL,
    decision  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    owner     TEXT,
    due       DATE,
    -- Why it was taken back.
    withdrawn TEXT,
    -- The number of the action that came of it.
    action    BIGINT,
    made_by   TEXT NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, review, number),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, owner) REFERENCES person,
    FOREIGN KEY (workspace, made_by) REFERENCES person
);

-- Each version of the minutes stays; the newest is the one that can be approved.
CREATE TABLE review_minutes (
    workspace  TEXT NOT NULL,
    review     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    sections   JSONB NOT NULL,
    written_by TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, review, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, written_by) REFERENCES person
);

CREATE TABLE review_approval (
    workspace   TEXT NOT NULL,
    review      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    approved_by TEXT NOT NULL,
    -- The chair, where somebody else had to approve.
    in_place_of TEXT,
    approved_at TIMESTAMPTZ NOT NULL,
    file        TEXT NOT NULL,
    PRIMARY KEY (workspace, review, version),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, approved_by) REFERENCES person
);

CREATE TABLE review_signature (
    workspace TEXT NOT NULL,
    review    TEXT NOT NULL,
    version   BIGINT NOT NULL,
    signer    TEXT NOT NULL,
    file      TEXT NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace, review, version, signer),
    FOREIGN KEY (workspace, review) REFERENCES review,
    FOREIGN KEY (workspace, signer) REFERENCES person
);
