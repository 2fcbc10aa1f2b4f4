-- Facts of each customer that no other known fact names as known to its recorder: the next fact recorded here names them.
CREATE TABLE tip (
    customer_id BLOB    NOT NULL,
    event_id    BLOB    NOT NULL,
    -- 1: it is named by a fact, but hasn't arrived itself
    awaited     INTEGER NOT NULL CHECK (awaited IN (0, 1)),
    PRIMARY KEY (customer_id, event_id)
) STRICT, WITHOUT ROWID;
-- Facts from before this version name no others. The last one of each customer stands for them.
INSERT INTO tip (customer_id, event_id, awaited)
SELECT customer_id, event_id, 0 FROM fact
WHERE change_seq IN (SELECT max(change_seq) FROM fact GROUP BY customer_id);
