-- Where an action was said first: the address of a message, usually.

ALTER TABLE action ADD COLUMN link TEXT;
