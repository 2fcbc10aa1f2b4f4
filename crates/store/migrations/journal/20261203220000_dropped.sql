-- How many rows were dropped to keep a table within its limit.
CREATE TABLE dropped (
    -- 'quarantine' or 'heard'
    what  TEXT    PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The size of the quarantine, so that no message needs to count it. The triggers keep it.
CREATE TABLE quarantine_size (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    messages INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;
INSERT INTO quarantine_size (only_row, messages, bytes)
SELECT 1, count(*), ifnull(sum(length(value) + ifnull(length(key), 0) + length(CAST(headers AS BLOB))), 0) FROM quarantine;
CREATE TRIGGER quarantine_grows AFTER INSERT ON quarantine BEGIN
    UPDATE quarantine_size SET messages = messages + 1,
        bytes = bytes + length(new.value) + ifnull(length(new.key), 0) + length(CAST(new.headers AS BLOB));
END;
CREATE TRIGGER quarantine_shrinks AFTER DELETE ON quarantine BEGIN
    UPDATE quarantine_size SET messages = messages - 1,
        bytes = bytes - length(old.value) - ifnull(length(old.key), 0) - length(CAST(old.headers AS BLOB));
END;
