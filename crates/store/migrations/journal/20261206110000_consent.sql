-- The day (YYYY-MM-DD, in Seoul) on which the person consented to the facility's notice about personal data.
ALTER TABLE profile ADD COLUMN consent_on TEXT;
