-- Answers lie by age: a new one is appended, and old ones are deleted at one end. A command writes fewer pages so.
ALTER TABLE idempotency RENAME TO idempotency_by_key;
CREATE TABLE idempotency (
    at_ms   INTEGER NOT NULL,
    key     TEXT    NOT NULL UNIQUE,
    -- BLAKE3 of the command.
    body    BLOB    NOT NULL CHECK (length(body) = 32),
    -- JSON of the answer.
    outcome TEXT    NOT NULL,
    PRIMARY KEY (at_ms, key)
) STRICT, WITHOUT ROWID;
INSERT INTO idempotency (at_ms, key, body, outcome)
    SELECT at_ms, key, body, outcome FROM idempotency_by_key ORDER BY at_ms, key;
DROP TABLE idempotency_by_key;

-- Those inside are few enough to be sorted when they are listed.
DROP INDEX inside_by_time;
