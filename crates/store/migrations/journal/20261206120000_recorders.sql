-- Who recorded and who approved each fact, for the list of who did what. The owner's token is 16 bytes of ones, the program
-- itself 16 zeros.
CREATE TABLE recorder (
    change_seq  INTEGER PRIMARY KEY,
    at_ms       INTEGER NOT NULL,
    recorder_id BLOB    NOT NULL CHECK (length(recorder_id) = 16),
    approver_id BLOB    CHECK (length(approver_id) = 16)
) STRICT;
INSERT INTO recorder (change_seq, at_ms, recorder_id, approver_id)
SELECT change_seq, occurred_at_ms,
    coalesce(
        unhex(replace(nullif(json_extract(CAST(bytes AS TEXT), '$.recorded_by.id'), 'owner'), '-', '')),
        CASE json_extract(CAST(bytes AS TEXT), '$.recorded_by.kind')
            WHEN 'token' THEN unhex('ffffffffffffffffffffffffffffffff') ELSE zeroblob(16) END),
    unhex(replace(json_extract(CAST(bytes AS TEXT), '$.approved_by.id'), '-', ''))
FROM fact;
CREATE INDEX recorder_by_time ON recorder (at_ms, change_seq);
CREATE INDEX recorder_by_party ON recorder (recorder_id, at_ms, change_seq);
CREATE INDEX recorder_by_approver ON recorder (approver_id, at_ms, change_seq) WHERE approver_id IS NOT NULL;
