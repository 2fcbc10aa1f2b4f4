-- The standing with what time alone will change, and with levels whose bans may end.
ALTER TABLE standing ADD COLUMN levels TEXT NOT NULL DEFAULT '';
ALTER TABLE standing ADD COLUMN changes TEXT NOT NULL DEFAULT '[]';
UPDATE standing SET levels =
    json_object('warn_at', warn_at, 'prohibit', json_array(json_object('at', prohibit_at, 'days', NULL)));
ALTER TABLE standing DROP COLUMN warn_at;
ALTER TABLE standing DROP COLUMN prohibit_at;

-- A new type of fact about penalties: the levels of a new rule set.
DROP INDEX fact_of_penalty;
CREATE INDEX fact_of_penalty ON fact (customer_id, change_seq)
    WHERE type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided', 'PenaltyDeductionVoided', 'LevelsRevised');
