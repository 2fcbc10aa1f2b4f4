-- An incarnation from which points were reclaimed ends: it still records what it owes. One left behind, because the folder
-- was restored or copied, records nothing any more.
ALTER TABLE origin ADD COLUMN left_behind INTEGER NOT NULL DEFAULT 0 CHECK (left_behind IN (0, 1));
UPDATE origin SET left_behind = 1 WHERE life < (SELECT max(life) FROM origin);

-- The last heartbeat of each incarnation. It comes again within seconds, so nothing is lost with the old table.
DROP TABLE heard;
CREATE TABLE heard (
    incarnation    BLOB    PRIMARY KEY,
    terminal_id    BLOB    NOT NULL,
    -- By the cluster's clock, and by ours.
    appended_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    gives          INTEGER NOT NULL CHECK (gives IN (0, 1)),
    -- JSON.
    body           BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_by_time ON heard (appended_at_ms);
