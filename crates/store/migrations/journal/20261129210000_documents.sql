-- Profiles, notes and reference data are documents; a record is a fact being written down.
ALTER TABLE pending_record RENAME TO pending_document;
