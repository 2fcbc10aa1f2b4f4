-- The open cases of each customer, as review's projector derived them.
CREATE TABLE open_case (
    reason      TEXT    NOT NULL,
    about       TEXT    NOT NULL,
    customer_id BLOB    NOT NULL CHECK (length(customer_id) = 16),
    -- When the first of its facts happened.
    began_at_ms INTEGER NOT NULL,
    -- JSON: the ids of its facts, at most 8.
    facts       TEXT    NOT NULL,
    points      INTEGER,
    PRIMARY KEY (reason, about)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_case_by_age ON open_case (began_at_ms, about, reason);
CREATE INDEX open_case_by_customer ON open_case (customer_id);
-- Customers whose facts the projector passed over, because later ones were there already: it derives their cases once.
CREATE TABLE unreviewed (
    customer_id BLOB PRIMARY KEY CHECK (length(customer_id) = 16)
) STRICT, WITHOUT ROWID;
-- Two customers with one card, `one` before `other`. A row is written with the profile of either.
CREATE TABLE shared_card (
    one   BLOB NOT NULL CHECK (length(one) = 16),
    other BLOB NOT NULL CHECK (length(other) = 16),
    -- What the case is about: customers/<one>/<other>.
    about TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_card_by_other ON shared_card (other);
INSERT INTO shared_card (one, other, about)
SELECT a.customer_id, b.customer_id, 'customers/' || substr(lower(hex(a.customer_id)), 1, 8) || '-' || substr(lower(hex(a.customer_id)), 9, 4) || '-' || substr(lower(hex(a.customer_id)), 13, 4) || '-' || substr(lower(hex(a.customer_id)), 17, 4)
    || '-' || substr(lower(hex(a.customer_id)), 21)
    || '/' || substr(lower(hex(b.customer_id)), 1, 8) || '-' || substr(lower(hex(b.customer_id)), 9, 4) || '-' || substr(lower(hex(b.customer_id)), 13, 4) || '-' || substr(lower(hex(b.customer_id)), 17, 4)
    || '-' || substr(lower(hex(b.customer_id)), 21)
FROM profile a JOIN profile b ON b.card_key = a.card_key AND a.customer_id < b.customer_id
WHERE a.erased = 0 AND a.card_key <> '' AND b.erased = 0 AND b.card_key <> '';
-- The seqs of which an incarnation recorded several facts.
CREATE TABLE forked_seq (
    incarnation BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    PRIMARY KEY (incarnation, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO forked_seq (incarnation, seq)
SELECT incarnation, seq FROM fact WHERE incarnation IN (SELECT incarnation FROM fork)
GROUP BY incarnation, seq HAVING count(*) > 1;
-- What each resolution is about.
CREATE INDEX fact_of_resolution ON fact (json_extract(CAST(bytes AS TEXT), '$.payload.case.about'))
    WHERE type = 'CaseResolved';
