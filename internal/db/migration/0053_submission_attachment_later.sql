-- A file that came under a name under which the revision had another one: kept, but not the answer.
ALTER TABLE submission_attachment ADD COLUMN later BOOLEAN NOT NULL DEFAULT FALSE;
