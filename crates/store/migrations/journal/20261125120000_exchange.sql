-- What the journal keeps of the exchange with other terminals.

-- Facts that haven't been read back from the log.
CREATE TABLE pending (
    -- 1 for facts of the incarnation that records here now, 0 for those of others.
    own        INTEGER NOT NULL CHECK (own IN (0, 1)),
    change_seq INTEGER NOT NULL,
    PRIMARY KEY (own, change_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO pending (own, change_seq)
SELECT incarnation IS (SELECT incarnation FROM origin ORDER BY life DESC LIMIT 1), change_seq FROM fact;

-- Records that haven't been read back: profiles, notes and reference data by their id. One that has no row of its own any
-- more is to be published as erased.
CREATE TABLE pending_record (
    -- 'profile', 'note', or the kind of reference data.
    kind        TEXT NOT NULL,
    id          BLOB NOT NULL,
    -- Whom a note is about.
    customer_id BLOB,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO pending_record (kind, id) SELECT 'profile', customer_id FROM profile;
INSERT INTO pending_record (kind, id, customer_id) SELECT 'note', note_id, customer_id FROM note;
INSERT INTO pending_record (kind, id) SELECT kind, id FROM reference;

CREATE INDEX fact_of_erasure ON fact (change_seq) WHERE type = 'CustomerErased';

-- One row: all facts in a few numbers. Where it is missing it is counted when the journal is opened.
CREATE TABLE tally (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    facts  INTEGER NOT NULL,
    -- Sum of all hashes modulo 2^256, the most significant byte first.
    digest BLOB    NOT NULL CHECK (length(digest) = 32)
) STRICT;

-- How far each partition of the log was read.
CREATE TABLE log_position (
    topic       TEXT    NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    -- BLAKE3 of the value before next_offset.
    last        BLOB CHECK (length(last) = 32),
    PRIMARY KEY (topic, partition)
) STRICT, WITHOUT ROWID;

-- Records of the log that can't be used, as they were read.
CREATE TABLE quarantine (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    topic          TEXT    NOT NULL,
    partition      INTEGER NOT NULL,
    log_offset     INTEGER NOT NULL,
    -- BLAKE3 of value: the same record again is known by it.
    hash           BLOB    NOT NULL CHECK (length(hash) = 32),
    reason         TEXT    NOT NULL,
    detail         TEXT    NOT NULL,
    received_at_ms INTEGER NOT NULL,
    key            BLOB,
    -- The first bytes of it, as many as a record may have.
    value          BLOB    NOT NULL,
    -- How long it was.
    size           INTEGER NOT NULL,
    -- JSON.
    headers        TEXT    NOT NULL,
    UNIQUE (topic, partition, log_offset, hash)
) STRICT;

-- What other terminals last said of themselves.
CREATE TABLE heard (
    terminal_id    BLOB    PRIMARY KEY,
    -- By the cluster's clock, and by ours.
    appended_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    -- JSON.
    body           BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Facts of a type or version that wasn't known when they arrived; their subject is NULL until it is.
CREATE TABLE not_understood (
    change_seq INTEGER PRIMARY KEY
) STRICT;

-- Whose life an incarnation is. An incarnation is here with seq 0 when only later facts of it have arrived.
ALTER TABLE head ADD COLUMN terminal_id BLOB;
-- Nothing was exchanged before: every incarnation is a life of this folder.
UPDATE head SET terminal_id = (SELECT terminal_id FROM origin WHERE origin.incarnation = head.incarnation);

-- The customer center follows the feed in a store of its own. Its row here says how far that may count at most, once facts
-- that it has passed are understood later.
INSERT INTO checkpoint (worker, change_seq) VALUES ('mypage', 9223372036854775807)
ON CONFLICT (worker) DO UPDATE SET change_seq = excluded.change_seq;
