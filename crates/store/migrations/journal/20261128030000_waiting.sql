-- Check-outs by life and change: which of them the earning policy hasn't passed.
CREATE INDEX fact_checked_out_here ON fact (incarnation, change_seq) WHERE type = 'CheckedOut';
