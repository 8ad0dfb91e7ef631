-- survey: the indicators of a form (sheet indicators), thresholds filled in.
ALTER TABLE survey_form ADD COLUMN indicators JSONB NOT NULL DEFAULT '[]';
