-- access.db: who did what with personal data at this terminal. No name, phone, card or typed text is ever written here. Ids are
-- blobs, times are milliseconds since the epoch.

-- Rows are added, never changed; old ones are deleted from the beginning.
CREATE TABLE access (
    number      INTEGER PRIMARY KEY,      -- without gaps
    at_ms       INTEGER NOT NULL,
    by_kind     TEXT    NOT NULL,         -- staff, token, program, nobody
    by_id       TEXT    NOT NULL,         -- empty for program and nobody
    terminal_id BLOB,                     -- null before the set-up
    act         TEXT    NOT NULL,
    whose       BLOB,                     -- a customer's random id
    outcome     TEXT    NOT NULL,
    code        TEXT,                     -- of the error
    reason      TEXT,
    count       INTEGER NOT NULL,
    hash        BLOB    NOT NULL CHECK (length(hash) = 32)  -- of the previous row's hash and of this row's columns
) STRICT;
CREATE INDEX access_by_time ON access (at_ms, number);
CREATE INDEX access_by_party ON access (by_kind, by_id, at_ms, number);
CREATE INDEX access_by_act ON access (act, at_ms, number);
CREATE INDEX access_by_person ON access (whose, at_ms, number) WHERE whose IS NOT NULL;
CREATE INDEX access_not_done ON access (outcome, at_ms, number) WHERE outcome <> 'done';

-- The last deleted row, from which the chain goes on.
CREATE TABLE pruned (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    at_ms  INTEGER NOT NULL  -- when rows were deleted last
) STRICT;
INSERT INTO pruned (only, number, hash, at_ms) VALUES (1, 0, zeroblob(32), 0);
