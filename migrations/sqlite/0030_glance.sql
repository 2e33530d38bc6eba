-- The overview that is pinned in a workspace's channel.

ALTER TABLE workspace ADD COLUMN pinned INTEGER NOT NULL DEFAULT FALSE;

-- A fingerprint of what a message says: it is not edited to say the same.
ALTER TABLE post ADD COLUMN shown TEXT;

ALTER TABLE playground_message ADD COLUMN pinned INTEGER NOT NULL DEFAULT FALSE;
