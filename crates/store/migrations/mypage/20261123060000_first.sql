-- Everything here is derived from the journal and can be built again from it. Ids are the 16 bytes of a UUID, times are
-- milliseconds since 1970-01-01T00:00Z.

PRAGMA application_id = 1314083673; -- 'NSMY'

-- One row: whose journal this is of, and how far it has been followed.
CREATE TABLE source (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    store_id   BLOB    NOT NULL,
    checkpoint INTEGER NOT NULL
) STRICT;

-- The lines of Mypage. The lines of a subject are always replaced together.
CREATE TABLE entry (
    -- Of the visit, payment, correction, penalty, deduction or void.
    entry_id       BLOB    NOT NULL,
    customer_id    BLOB    NOT NULL,
    -- The visit, payment, correction or penalty whose facts made this row.
    subject        BLOB    NOT NULL,
    -- 0 visit, 1 payment, 2 payment's void, 3 correction, 4 penalty, 5 deduction from one, 6 penalty's void.
    kind           INTEGER NOT NULL,
    -- The history it is shown in: 1 visits, 2 payments, 3 penalties.
    history        INTEGER NOT NULL,
    other_id       BLOB,
    -- Sort key.
    at_ms          INTEGER NOT NULL,
    -- Of a visit.
    started_at_ms  INTEGER,
    ended_at_ms    INTEGER,
    area_id        BLOB,
    status         TEXT    NOT NULL,
    -- What it changed in the balance (P) and in the outstanding penalty (점).
    points         INTEGER NOT NULL,
    penalty_points INTEGER NOT NULL,
    code           TEXT,
    ground         TEXT,
    note_id        BLOB,
    incarnation    BLOB    NOT NULL,
    staff_id       BLOB    NOT NULL,
    -- The change that imposed a penalty.
    accrued_after  INTEGER
) STRICT;
CREATE INDEX entry_by_subject ON entry (subject);
-- Sums, and pages of all histories, read from the newest.
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms, entry_id, points, penalty_points, kind);
CREATE INDEX entry_by_history ON entry (customer_id, history, at_ms, entry_id);
CREATE INDEX entry_by_start ON entry (customer_id, started_at_ms) WHERE kind = 0 AND status <> 'VOIDED';
CREATE INDEX entry_by_time ON entry (at_ms, entry_id);
