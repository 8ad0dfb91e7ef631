-- indicator: figures of households, determinations, populations of villages.
-- What the last judged form of a household says; replaced with every revision.
CREATE TABLE indicator_value (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    figures JSONB NOT NULL,        -- by the name of the indicator
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, household)
);
CREATE INDEX indicator_value_village ON indicator_value (county, campaign, village, household);

CREATE TABLE indicator_determination (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,            -- wrongly_included, missed, wrongly_exited
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    source TEXT NOT NULL,          -- rule, hand
    state TEXT NOT NULL,
    grounds JSONB NOT NULL,        -- rules that hold, with the figures
    persons BIGINT NOT NULL,
    checks JSONB NOT NULL,         -- what each person said in this round
    round BIGINT NOT NULL,
    submission UUID,
    revision BIGINT NOT NULL,      -- of the form, that last said which rules hold
    data_clear BOOLEAN NOT NULL,
    appeal_by TEXT,                -- last day for an appeal
    appealed_by TEXT NOT NULL,     -- account that took the appeal down
    opened_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, kind, household)
);
CREATE INDEX indicator_determination_state ON indicator_determination (county, campaign, state, village, id);
CREATE INDEX indicator_determination_household ON indicator_determination (county, campaign, household);

-- Rows are never changed; all are in the log.
CREATE TABLE indicator_event (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    determination UUID NOT NULL,
    action TEXT NOT NULL,
    opinion TEXT NOT NULL,         -- holds, fails; '' where none is given
    account TEXT NOT NULL,         -- '' when the program acted
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    files JSONB NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX indicator_event_of ON indicator_event (county, determination, at, id);

-- Rural persons of a village, from outside the base list (S2.9, item 1; denominators of the rates).
CREATE TABLE indicator_population (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    persons BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, village)
);
