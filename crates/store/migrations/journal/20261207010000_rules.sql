-- Every command reads the rules in force: the sets of the highest generation.
CREATE INDEX rules_by_generation ON reference (ifnull(json_extract(body, '$.generation'), 1)) WHERE kind = 'rules';
