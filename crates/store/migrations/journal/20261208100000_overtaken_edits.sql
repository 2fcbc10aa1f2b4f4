-- A JSON list of at most 8 event ids: the revisions that this one is based on, newest first.
ALTER TABLE profile ADD COLUMN bases TEXT NOT NULL DEFAULT '[]';
-- JSON: the texts before this revision, if it was made here; else null.
ALTER TABLE profile ADD COLUMN edited_from TEXT;
ALTER TABLE reference ADD COLUMN bases TEXT NOT NULL DEFAULT '[]';
ALTER TABLE reference ADD COLUMN edited_from TEXT;
-- Edits made here that another terminal's revision replaced without knowing them, until somebody takes or drops them.
CREATE TABLE overtaken_edit (
    event_id BLOB PRIMARY KEY CHECK (length(event_id) = 16),
    -- 'profile', or the kind of a reference document.
    kind     TEXT NOT NULL,
    id       BLOB NOT NULL CHECK (length(id) = 16),
    -- JSON: the texts of the lost edit, and those before it.
    mine     TEXT NOT NULL,
    before   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX overtaken_edit_by_document ON overtaken_edit (kind, id);
