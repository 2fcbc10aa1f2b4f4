-- When the entry began. Other than at_ms, which moves from the start of a visit to its end, it doesn't change: an export
-- that continues after it finds each entry once.
ALTER TABLE entry ADD COLUMN began_ms bigint GENERATED ALWAYS AS (coalesce(started_at_ms, at_ms)) STORED;
CREATE INDEX entry_by_began ON entry (began_ms, entry_id) INCLUDE (at_ms);
