-- quality: a second interview of some households by another team.
CREATE TABLE quality_recheck (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    seed TEXT NOT NULL,
    frame TEXT NOT NULL,           -- SHA-256 of the list it was drawn from
    size BIGINT NOT NULL,          -- of that list
    share TEXT NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);

CREATE TABLE quality_recheck_house (
    county CHAR(6) NOT NULL,
    recheck UUID NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,      -- the first interview as it was when the sample was drawn
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    first_team UUID,
    team UUID,                     -- that asks again; NULL: nobody else is there
    first JSONB NOT NULL,          -- answers to the questions that are asked again
    answers JSONB,                 -- the second answers; NULL: not yet
    account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    answered_at TIMESTAMPTZ,
    PRIMARY KEY (county, recheck, submission)
);
CREATE INDEX quality_recheck_house_team ON quality_recheck_house (county, team);
