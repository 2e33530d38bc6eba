-- What an audit found in short, and what a review came to.

ALTER TABLE audit ADD COLUMN conclusion TEXT;
ALTER TABLE review ADD COLUMN conclusion TEXT;
