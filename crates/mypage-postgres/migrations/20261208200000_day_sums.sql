-- How the points of a visit or a penalty were decided, as JSON. The rules of that generation say whether it departs from them.
ALTER TABLE entry ADD COLUMN decided text;

-- With the status, so that a period's first customers are found in the index alone.
DROP INDEX entry_by_customer;
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms, entry_id) INCLUDE (points, penalty_points, kind, status);

-- Sums of the lines by day, changed in the transactions that change lines. Rows whose sums became 0 may stay.
CREATE TABLE day_sum (
    -- The date in Seoul of the lines' at_ms, as days since 1970-01-01.
    day                integer  NOT NULL,
    -- As in entry; '' and the nil id for none.
    kind               smallint NOT NULL,
    voided             boolean  NOT NULL,
    area_id            uuid     NOT NULL,
    code               text     NOT NULL,
    ground             text     NOT NULL,
    decided            text     NOT NULL,
    incarnation        uuid     NOT NULL,
    lines              bigint   NOT NULL,
    -- Lines whose points aren't 0.
    with_points        bigint   NOT NULL,
    entered_afterwards bigint   NOT NULL,
    -- Sums may be greater than 64 bits.
    points             numeric  NOT NULL,
    penalty_points     numeric  NOT NULL,
    PRIMARY KEY (day, kind, voided, area_id, code, ground, decided, incarnation)
);

-- How long visitors were inside, of visits that ended and weren't voided.
CREATE TABLE hour_presence (
    day       integer  NOT NULL,
    area_id   uuid     NOT NULL,
    -- 0 to 23, in Seoul.
    hour      smallint NOT NULL,
    inside_ms bigint   NOT NULL,
    PRIMARY KEY (day, area_id, hour)
);

-- The sums begin with no lines.
TRUNCATE entry, fork;
UPDATE source SET checkpoint = 0;
