-- Messages of the log that carry no valid code of this facility's key: how many of each topic and key, and where the
-- first and the last one lies. Nothing else is kept of them.
CREATE TABLE strangers (
    topic TEXT NOT NULL,
    -- 16 hexadecimal digits; empty where none is named; 'others' for keys beyond the limit
    key_id TEXT NOT NULL,
    messages INTEGER NOT NULL,
    first_partition INTEGER NOT NULL,
    first_offset INTEGER NOT NULL,
    first_at_ms INTEGER NOT NULL,
    last_partition INTEGER NOT NULL,
    last_offset INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, key_id)
) STRICT, WITHOUT ROWID;
