-- The facts that somebody recorded or approved, for the list of who did what: one row per fact, two if another person
-- approved it. The owner's token is 16 bytes of ones, the program itself 16 zeros. Without a further index, because every
-- command pays for each one.
CREATE TABLE fact_of_recorder (
    recorder_id BLOB    NOT NULL CHECK (length(recorder_id) = 16),
    at_ms       INTEGER NOT NULL,
    change_seq  INTEGER NOT NULL,
    PRIMARY KEY (recorder_id, at_ms, change_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO fact_of_recorder (recorder_id, at_ms, change_seq)
SELECT
    coalesce(
        unhex(replace(nullif(json_extract(CAST(bytes AS TEXT), '$.recorded_by.id'), 'owner'), '-', '')),
        CASE json_extract(CAST(bytes AS TEXT), '$.recorded_by.kind')
            WHEN 'token' THEN unhex('ffffffffffffffffffffffffffffffff') ELSE zeroblob(16) END),
    occurred_at_ms,
    change_seq
FROM fact;
INSERT OR IGNORE INTO fact_of_recorder (recorder_id, at_ms, change_seq)
SELECT unhex(replace(json_extract(CAST(bytes AS TEXT), '$.approved_by.id'), '-', '')), occurred_at_ms, change_seq
FROM fact WHERE json_extract(CAST(bytes AS TEXT), '$.approved_by.id') IS NOT NULL;
