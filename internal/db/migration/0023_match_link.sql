-- match: which records are the same person, how that is known, and who decided.
CREATE TABLE match_run (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,             -- of the register that was linked; 'roster' is the base list
    register TEXT NOT NULL,         -- id of the register; of the campaign for the base list
    base_kind TEXT NOT NULL,
    base_register TEXT NOT NULL,
    state TEXT NOT NULL,            -- running, current, superseded
    phase TEXT NOT NULL,            -- read, link, write
    done BIGINT NOT NULL,           -- of the phase
    total BIGINT NOT NULL,
    result JSONB NOT NULL,          -- counts by step, parameters of the model
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (county, id)
);
CREATE INDEX match_run_kind ON match_run (county, campaign, kind, id);

CREATE TABLE match_link (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    run UUID NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,           -- n of match_record, or the id of a member of the base list
    base_record TEXT NOT NULL,      -- likewise, in the base
    record_key CHAR(16) NOT NULL,   -- of the person on either side: decisions outlive the next import
    base_key CHAR(16) NOT NULL,
    village TEXT NOT NULL,          -- of the base's side, else of the record's; '' unknown
    state TEXT NOT NULL,            -- auto, review, confirmed, rejected
    step BIGINT NOT NULL,           -- link.Step
    weight BIGINT NOT NULL,         -- match weight in hundredths of bits
    probability BIGINT NOT NULL,    -- millionths
    reason JSONB NOT NULL,          -- levels and weights per field, term, household
    unsure BOOLEAN NOT NULL,        -- a clerk could not tell
    note TEXT NOT NULL,             -- why it was decided so
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX match_link_queue ON match_link (county, campaign, state, unsure, id);
CREATE INDEX match_link_record ON match_link (county, run, record);
CREATE INDEX match_link_base ON match_link (county, run, base_record);

CREATE TABLE match_decision (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,
    record_key CHAR(16) NOT NULL,
    base_key CHAR(16) NOT NULL,
    same BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, kind, record_key, base_key)
);

CREATE TABLE match_house (
    county CHAR(6) NOT NULL,
    run UUID NOT NULL,
    household TEXT NOT NULL,        -- the register's key
    village TEXT NOT NULL,
    base_household TEXT NOT NULL,   -- where most of its linked members belong
    members BIGINT NOT NULL,
    agree BIGINT NOT NULL,
    others JSONB NOT NULL,          -- further households of the base: a split
    merged JSONB NOT NULL,          -- further households of the register with the same base household: a merge
    PRIMARY KEY (county, run, household)
);
