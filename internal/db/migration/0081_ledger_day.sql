-- ledger: the daily list of problems, the meeting that feeds them back, and what is done about problems that many villages have.
CREATE TABLE ledger_day (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    day TEXT NOT NULL,
    region CHAR(12) NOT NULL,      -- of whoever handed it in
    numbers JSONB NOT NULL,        -- of the problems on the list
    late BOOLEAN NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, day, region)
);

CREATE TABLE ledger_feedback (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    region CHAR(12) NOT NULL,      -- the places it was held for
    until TEXT NOT NULL,           -- problems found up to this day were fed back
    note TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX ledger_feedback_campaign ON ledger_feedback (county, campaign, until);

CREATE TABLE ledger_common (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    region CHAR(12) NOT NULL,      -- of the office that gathered them
    code TEXT NOT NULL,            -- of the rule; '=' and the title for what was registered by hand
    measure TEXT NOT NULL,
    result TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, region, code)
);
