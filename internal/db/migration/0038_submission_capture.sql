-- How the answers of a revision came in: '' an interview with the phone at hand, 'paper' keyed from a form on paper.
ALTER TABLE submission ADD COLUMN capture TEXT NOT NULL DEFAULT '';
ALTER TABLE submission_revision ADD COLUMN capture TEXT NOT NULL DEFAULT '';
