-- Triggers are switched off on all connections, so that those in a file that somebody gave us never run. The program
-- itself keeps quarantine_size.
DROP TRIGGER quarantine_grows;
DROP TRIGGER quarantine_shrinks;
