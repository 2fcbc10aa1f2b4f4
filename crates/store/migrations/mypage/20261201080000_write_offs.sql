-- Kind 7 is new: points written off. Its subject is made of the customer and the lost incarnation.

-- How far the customers were looked through for points that a forked incarnation overspent.
CREATE TABLE fork (
    incarnation BLOB PRIMARY KEY,
    -- The last customer looked at, by id; NULL for all.
    looked_to   BLOB
) STRICT, WITHOUT ROWID;

-- When it was entered, if that was after it happened.
ALTER TABLE entry ADD COLUMN entered_at_ms INTEGER;

-- Entries were derived without the new kind, so they are derived again.
UPDATE source SET checkpoint = 0;
