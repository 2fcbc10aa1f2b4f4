-- The customers who have something to be found by, numbered as `search_word` names them.
CREATE TABLE searched (
    number      INTEGER PRIMARY KEY,
    customer_id BLOB    NOT NULL UNIQUE
) STRICT;

-- Their words: a search key from each of its letters on. The words themselves are not stored beside the index, so they
-- are deleted by naming them (the command 'delete'), which `secure-delete` then overwrites.
CREATE VIRTUAL TABLE search_word USING fts5 (
    words, content = '', columnsize = 0, detail = none, prefix = '1 2 3 4', tokenize = 'ascii'
);

-- A search for a word that many have walks those with a name, phone or card alone: most customers are walk-ins.
DROP INDEX profile_by_seen;
CREATE INDEX profile_by_seen ON profile (seen_at_ms DESC, customer_id) WHERE erased = 0;
CREATE INDEX searched_by_seen ON profile (seen_at_ms DESC, customer_id, name_key, initials_key, phone_key, card_key)
    WHERE erased = 0 AND name_key || phone_key || card_key <> '';
