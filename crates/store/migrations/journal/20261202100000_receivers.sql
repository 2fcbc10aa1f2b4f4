-- Incarnations that points were given to, each with the terminal that gave first. Only for incarnations of which nothing
-- else is known: one that was left behind before it recorded anything still holds what it was given.
CREATE TABLE receiver (
    incarnation BLOB PRIMARY KEY,
    terminal_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
