-- One schema a life of a terminal. Everything here is derived from its journal and can be built again from it. Times are
-- milliseconds since 1970-01-01T00:00Z.

-- One row: which journal this is of, and how far it has been followed.
CREATE TABLE source (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    store_id   uuid    NOT NULL,
    -- How often facts that had been passed were understood later.
    generation bigint  NOT NULL,
    checkpoint bigint  NOT NULL
);

-- The lines of Mypage. The lines of a subject are always replaced together.
CREATE TABLE entry (
    -- Of the visit, payment, correction, penalty, deduction or void.
    entry_id       uuid     NOT NULL,
    customer_id    uuid     NOT NULL,
    -- The visit, payment, correction or penalty whose facts made this row.
    subject        uuid     NOT NULL,
    -- 0 visit, 1 payment, 2 payment's void, 3 correction, 4 penalty, 5 deduction from one, 6 penalty's void.
    kind           smallint NOT NULL,
    -- The history it is shown in: 1 visits, 2 payments, 3 penalties.
    history        smallint NOT NULL,
    other_id       uuid,
    -- Sort key.
    at_ms          bigint   NOT NULL,
    -- Of a visit.
    started_at_ms  bigint,
    ended_at_ms    bigint,
    area_id        uuid,
    status         text     NOT NULL,
    -- What it changed in the balance (P) and in the outstanding penalty (점).
    points         bigint   NOT NULL,
    penalty_points bigint   NOT NULL,
    code           text,
    ground         text,
    note_id        uuid,
    incarnation    uuid     NOT NULL,
    staff_id       uuid     NOT NULL,
    -- The change that imposed a penalty.
    accrued_after  bigint
);
CREATE INDEX entry_by_subject ON entry (subject);
-- Sums, and pages of all histories, read from the newest.
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms, entry_id) INCLUDE (points, penalty_points, kind);
CREATE INDEX entry_by_history ON entry (customer_id, history, at_ms, entry_id);
CREATE INDEX entry_by_start ON entry (customer_id, started_at_ms) WHERE kind = 0 AND status <> 'VOIDED';
CREATE INDEX entry_by_time ON entry (at_ms, entry_id);
