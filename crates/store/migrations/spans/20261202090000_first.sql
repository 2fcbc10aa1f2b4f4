-- spans.db: what this terminal recorded of traces. Losing it harms nothing but the view of them. Ids are blobs, times are
-- microseconds since the epoch.

CREATE TABLE span (
    trace_id   BLOB    NOT NULL,
    span_id    BLOB    NOT NULL,
    parent_id  BLOB,
    name       TEXT    NOT NULL,
    began_us   INTEGER NOT NULL,
    ended_us   INTEGER NOT NULL,
    problem    TEXT,
    attributes TEXT    NOT NULL,  -- a JSON object of texts
    links      TEXT    NOT NULL,  -- a JSON array of trace ids in hexadecimal digits
    PRIMARY KEY (trace_id, span_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX span_in_order ON span (trace_id, began_us, ended_us DESC);

-- One row a trace, kept along with its spans so that no page has to count them.
CREATE TABLE trace (
    trace_id       BLOB    PRIMARY KEY,
    name           TEXT    NOT NULL,  -- of the span that began first
    first_span_id  BLOB    NOT NULL,
    first_ended_us INTEGER NOT NULL,
    began_us       INTEGER NOT NULL,
    ended_us       INTEGER NOT NULL,
    spans          INTEGER NOT NULL,
    failed         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_by_beginning ON trace (began_us, trace_id);
CREATE INDEX trace_failed ON trace (began_us, trace_id) WHERE failed = 1;

CREATE TABLE kept (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    spans INTEGER NOT NULL            -- rows of span
) STRICT;
INSERT INTO kept (only, spans) VALUES (1, 0);
