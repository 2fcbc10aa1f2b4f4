-- A check-out is found by the earning that it promises too, and a payment by the deduction inside it.
UPDATE fact SET related = unhex(replace(json_extract(CAST(bytes AS TEXT), '$.payload.earning.earning_id'), '-', ''))
WHERE type = 'CheckedOut' AND version = 1;
UPDATE fact SET related = unhex(replace(json_extract(CAST(bytes AS TEXT), '$.payload.deduction.deduction_id'), '-', ''))
WHERE type = 'Paid' AND version = 1;

-- A customer's earnings and deductions, newest first.
CREATE INDEX fact_of_check_out ON fact (customer_id, change_seq) WHERE type = 'CheckedOut';
CREATE INDEX fact_of_payment ON fact (customer_id, change_seq) WHERE type = 'Paid';

-- Who is warned or prohibited.
CREATE INDEX standing_not_allowed ON standing (customer_id) WHERE standing <> 'ALLOWED';
