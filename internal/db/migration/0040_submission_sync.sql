-- How a revision came and from which phone, and what a person has sent, in order.
ALTER TABLE submission_revision ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE submission_revision ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX submission_revision_sent ON submission_revision (county, account, received_at, submission, n);
