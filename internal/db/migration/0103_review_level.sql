-- submission: the day since which a form waits where it is, so that its deadline and its age in working days can be worked out.
ALTER TABLE submission ADD COLUMN since TEXT NOT NULL DEFAULT '';
UPDATE submission SET since = substr(CAST(received_at AS TEXT), 1, 10) WHERE state IN ('review', 'returned');
CREATE INDEX submission_waiting ON submission (county, campaign, state, level, since, village, team) WHERE state IN ('review', 'returned');

-- review: forms that a level did not look at, because its part is drawn or takes only what is remarkable.
CREATE TABLE review_passed (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    level TEXT NOT NULL,
    coverage TEXT NOT NULL,        -- the part that is looked at, as in the playbook
    draw TEXT NOT NULL,            -- what came out for this form; it is looked at when draw < coverage
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, submission, revision, level)
);
