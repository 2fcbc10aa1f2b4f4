-- The closes of days at this terminal, each with the figures of its moment. Rows are never changed.
CREATE TABLE day_close (
    -- A date in Seoul, such as 2026-11-23.
    day          TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    closed_at_ms INTEGER NOT NULL,
    recorder_id  BLOB    NOT NULL CHECK (length(recorder_id) = 16),
    -- The last change that the figures include.
    last_change  INTEGER NOT NULL,
    -- JSON: the figures.
    report       TEXT    NOT NULL,
    PRIMARY KEY (day, number)
) STRICT, WITHOUT ROWID;
