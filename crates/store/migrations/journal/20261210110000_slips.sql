-- Payments and penalties by their time, for the list of what has a slip. Other facts don't pay for it.
CREATE INDEX fact_with_slip ON fact (occurred_at_ms, change_seq) WHERE type IN ('Paid', 'PenaltyImposed');

-- The payments and penalties whose slip was on paper at this terminal, whole or in part: their next slip is a reprint.
CREATE TABLE printed (
    subject     BLOB    PRIMARY KEY CHECK (length(subject) = 16),
    first_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
