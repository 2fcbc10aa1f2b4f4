-- How the points of a visit or a penalty were decided, as JSON. The rules of that generation say whether it departs from them.
ALTER TABLE entry ADD COLUMN decided TEXT;

-- With the status, so that a period's first customers are found in the index alone.
DROP INDEX entry_by_customer;
CREATE INDEX entry_by_customer ON entry (customer_id, at_ms, entry_id, points, penalty_points, kind, status);

-- Sums of the lines by day, changed in the transactions that change lines. Rows whose sums became 0 may stay.
CREATE TABLE day_sum (
    -- The date in Seoul of the lines' at_ms, as days since 1970-01-01.
    day                  INTEGER NOT NULL,
    -- As in entry; '' and the nil id for none.
    kind                 INTEGER NOT NULL,
    voided               INTEGER NOT NULL,
    area_id              BLOB    NOT NULL,
    code                 TEXT    NOT NULL,
    ground               TEXT    NOT NULL,
    decided              TEXT    NOT NULL,
    incarnation          BLOB    NOT NULL,
    lines                INTEGER NOT NULL,
    -- Lines whose points aren't 0.
    with_points          INTEGER NOT NULL,
    entered_afterwards   INTEGER NOT NULL,
    -- A sum is upper * 2^32 + lower, because it may be greater than 64 bits.
    points_upper         INTEGER NOT NULL,
    points_lower         INTEGER NOT NULL,
    penalty_points_upper INTEGER NOT NULL,
    penalty_points_lower INTEGER NOT NULL,
    PRIMARY KEY (day, kind, voided, area_id, code, ground, decided, incarnation)
) STRICT, WITHOUT ROWID;

-- How long visitors were inside, of visits that ended and weren't voided.
CREATE TABLE hour_presence (
    day       INTEGER NOT NULL,
    area_id   BLOB    NOT NULL,
    -- 0 to 23, in Seoul.
    hour      INTEGER NOT NULL,
    inside_ms INTEGER NOT NULL,
    PRIMARY KEY (day, area_id, hour)
) STRICT, WITHOUT ROWID;

-- The sums begin with no lines.
DELETE FROM entry;
DELETE FROM fork;
UPDATE source SET checkpoint = 0;
