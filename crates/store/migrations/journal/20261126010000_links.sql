-- A link is found from its other side too: the fact that says it is about both. What it is about is noted as with a fact whose
-- type the program has just learnt, at this start.
INSERT INTO not_understood (change_seq)
SELECT change_seq FROM fact WHERE type = 'CustomersLinked' AND version = 1
ON CONFLICT (change_seq) DO NOTHING;
