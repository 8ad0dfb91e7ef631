-- match: persons that one register has and another has not.
CREATE TABLE match_suspect (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    pair TEXT NOT NULL,             -- code of the playbook's suspects
    person_key CHAR(16) NOT NULL,
    kind TEXT NOT NULL,             -- the register that has the person
    record TEXT NOT NULL,
    name TEXT NOT NULL,
    id_number TEXT NOT NULL,
    village TEXT NOT NULL,
    household_key TEXT NOT NULL,    -- in that register
    household TEXT NOT NULL,        -- of the base list; '' when it is not in it
    state TEXT NOT NULL,            -- open, explained, to_visit
    note TEXT NOT NULL,
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    gone BOOLEAN NOT NULL,          -- was decided, and is no longer a suspect by the newest registers
    at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX match_suspect_person ON match_suspect (county, campaign, pair, person_key);
CREATE INDEX match_suspect_list ON match_suspect (county, campaign, pair, village, id);

CREATE TABLE match_suspect_pair (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    pair TEXT NOT NULL,
    counts JSONB NOT NULL,          -- persons, found, uncertain, missing
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, pair)
);
