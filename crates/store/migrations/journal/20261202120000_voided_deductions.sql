-- A new type of fact about penalties: the void of a deduction.
DROP INDEX fact_of_penalty;
CREATE INDEX fact_of_penalty ON fact (customer_id, change_seq)
    WHERE type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided', 'PenaltyDeductionVoided');
