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
