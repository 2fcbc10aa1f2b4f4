-- Ids are the 16 bytes of a UUID, times are milliseconds since 1970-01-01T00:00Z, hashes are the 32 bytes of BLAKE3.

PRAGMA application_id = 1314083658; -- 'NSMJ'

-- What happened and was recorded. Rows are added, never changed or deleted.
CREATE TABLE fact (
    -- The change feed: order of arrival at this terminal.
    change_seq     INTEGER PRIMARY KEY,
    -- BLAKE3 of prev_hash and bytes.
    hash           BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    -- Of the fact before it in the recorder's chain; zeros before the first.
    prev_hash      BLOB    NOT NULL CHECK (length(prev_hash) = 32),
    event_id       BLOB    NOT NULL CHECK (length(event_id) = 16),
    incarnation    BLOB    NOT NULL CHECK (length(incarnation) = 16),
    -- Place in the incarnation's chain, from 1. Two facts with one seq are a fork; both are kept.
    seq            INTEGER NOT NULL CHECK (seq > 0),
    customer_id    BLOB    NOT NULL CHECK (length(customer_id) = 16),
    -- The visit, earning, payment, correction, penalty or ask it is about.
    subject        BLOB,
    -- The visit that an earning belongs to.
    related        BLOB,
    -- What was known of its ids when it arrived: 0 new, 1 repeats its subject, 2 collides with another event id.
    novelty        INTEGER NOT NULL CHECK (novelty BETWEEN 0 AND 2),
    occurred_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    type           TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    -- The whole envelope as first written.
    bytes          BLOB    NOT NULL
) STRICT;
CREATE INDEX fact_by_customer ON fact (customer_id, change_seq);
CREATE INDEX fact_by_event ON fact (event_id);
CREATE INDEX fact_by_chain ON fact (incarnation, seq);
CREATE INDEX fact_by_subject ON fact (subject, customer_id) WHERE subject IS NOT NULL;
CREATE INDEX fact_by_related ON fact (related, customer_id) WHERE related IS NOT NULL;
CREATE INDEX fact_of_penalty ON fact (customer_id, change_seq)
    WHERE type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided');

-- How far each incarnation is known without a gap.
CREATE TABLE head (
    incarnation BLOB    PRIMARY KEY,
    seq         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Incarnations of which two different facts have one seq.
CREATE TABLE fork (
    incarnation BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The lives of this data folder; the last one records.
CREATE TABLE origin (
    life        INTEGER PRIMARY KEY,
    incarnation BLOB    NOT NULL UNIQUE,
    facility_id BLOB    NOT NULL,
    terminal_id BLOB    NOT NULL
) STRICT;

-- A customer's state in one context, folded up to change_seq.
CREATE TABLE snapshot (
    context     TEXT    NOT NULL,
    customer_id BLOB    NOT NULL,
    change_seq  INTEGER NOT NULL,
    -- JSON.
    state       BLOB    NOT NULL,
    PRIMARY KEY (context, customer_id)
) STRICT;

-- How far each worker has followed the change feed.
CREATE TABLE checkpoint (
    worker     TEXT    PRIMARY KEY,
    change_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Commands that were answered, so that a repeated one gets the same answer.
CREATE TABLE idempotency (
    key     TEXT    PRIMARY KEY,
    -- BLAKE3 of the command.
    body    BLOB    NOT NULL CHECK (length(body) = 32),
    -- JSON of the answer.
    outcome TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at_ms);

-- The standing as point publishes it and check_in reads it.
CREATE TABLE standing (
    customer_id BLOB    PRIMARY KEY,
    standing    TEXT    NOT NULL,
    -- Decimal digits: a sum may be larger than 64 bits.
    outstanding TEXT    NOT NULL,
    warn_at     INTEGER NOT NULL,
    prohibit_at INTEGER NOT NULL,
    as_of_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is inside, as check_in projects it.
CREATE TABLE inside (
    visit_id    BLOB    NOT NULL,
    customer_id BLOB    NOT NULL,
    area_id     BLOB    NOT NULL,
    since_ms    INTEGER NOT NULL,
    PRIMARY KEY (customer_id, visit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inside_by_area ON inside (area_id, since_ms);
CREATE INDEX inside_by_time ON inside (since_ms);

CREATE TABLE last_visit (
    customer_id BLOB    PRIMARY KEY,
    at_ms       INTEGER NOT NULL,
    area_id     BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Penalties with something outstanding, as penalty projects them.
CREATE TABLE open_penalty (
    penalty_id         BLOB    PRIMARY KEY,
    customer_id        BLOB    NOT NULL,
    imposed_at_ms      INTEGER NOT NULL,
    code               TEXT    NOT NULL,
    points             INTEGER NOT NULL,
    outstanding        INTEGER NOT NULL,
    educated           INTEGER NOT NULL,
    area_id            BLOB,
    imposed_change_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX open_penalty_by_customer ON open_penalty (customer_id, imposed_at_ms);

-- A person's details, exactly as given; of two the higher (revision, event_id) stays.
CREATE TABLE profile (
    customer_id      BLOB    PRIMARY KEY,
    revision         INTEGER NOT NULL,
    event_id         BLOB    NOT NULL,
    base_revision    INTEGER NOT NULL,
    name             TEXT,
    phone            TEXT,
    card             TEXT,
    registered_at_ms INTEGER NOT NULL,
    erased           INTEGER NOT NULL CHECK (erased IN (0, 1)),
    -- What the profile is found by; empty where there is nothing.
    name_key         TEXT    NOT NULL,
    initials_key     TEXT    NOT NULL,
    phone_key        TEXT    NOT NULL,
    card_key         TEXT    NOT NULL,
    -- The later of the registration and the last visit.
    seen_at_ms       INTEGER NOT NULL
) STRICT;
-- Not unique: two terminals without a link may each give out one card, and neither record may be lost.
CREATE INDEX profile_by_card ON profile (card_key, registered_at_ms, customer_id) WHERE erased = 0 AND card_key <> '';
-- A search reads this index alone, in the order of its hits, until it has enough.
CREATE INDEX profile_by_seen ON profile (seen_at_ms DESC, customer_id, name_key, initials_key, phone_key, card_key)
    WHERE erased = 0;

-- Free text about a customer, erasable; facts name it by its id.
CREATE TABLE note (
    note_id     BLOB PRIMARY KEY,
    customer_id BLOB NOT NULL,
    text        TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_customer ON note (customer_id);

-- Reference data; of two the higher (revision, event_id) stays.
CREATE TABLE reference (
    kind          TEXT    NOT NULL,
    id            BLOB    NOT NULL,
    revision      INTEGER NOT NULL,
    event_id      BLOB    NOT NULL,
    base_revision INTEGER NOT NULL,
    -- JSON.
    body          TEXT    NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- This terminal's own choices and marks (JSON).
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
