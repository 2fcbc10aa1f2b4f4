-- When the entry began. Other than at_ms, which moves from the start of a visit to its end, it doesn't change: an export
-- that continues after it finds each entry once.
ALTER TABLE entry ADD COLUMN began_ms INTEGER GENERATED ALWAYS AS (coalesce(started_at_ms, at_ms)) VIRTUAL;
-- With at_ms, so that an export of a few days reads only the rows of those days.
CREATE INDEX entry_by_began ON entry (began_ms, entry_id, at_ms);
DROP INDEX entry_by_time;
