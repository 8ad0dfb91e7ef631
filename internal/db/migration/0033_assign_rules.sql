-- assign: what keeps people from villages, days without work, what is agreed with households, who shows the way.

-- A tie of a person to a village, or with household (户编号) to one household; kind is workplace, responsible or kin. The home village is
-- account_person.home_village.
CREATE TABLE assign_tie (
    county CHAR(6) NOT NULL,
    account UUID NOT NULL,
    kind TEXT NOT NULL,
    village CHAR(12) NOT NULL,
    household TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (county, account, kind, village, household)
);
-- A day on which a team does not visit; team '' is everybody.
CREATE TABLE assign_off (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    team TEXT NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (county, campaign, team, day)
);
-- What is agreed with a household: a day with a window of time, or that it is reached by telephone and the like (S3.8).
CREATE TABLE assign_arrangement (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    day TEXT,
    from_time TEXT NOT NULL,
    to_time TEXT NOT NULL,
    remote TEXT NOT NULL,
    reason TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, household)
);
-- A household that a team gave back: the plan gives it to another team.
CREATE TABLE assign_refusal (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    team UUID NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_account UUID NOT NULL,
    PRIMARY KEY (county, campaign, household, team)
);
-- Guides of a village (S1.13, S4.6).
CREATE TABLE assign_guide (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX assign_guide_village ON assign_guide (county, campaign, village, id);

-- A team that dropped out keeps what it has begun and handed in.
ALTER TABLE assign_team ADD COLUMN dropped_at TIMESTAMPTZ;
ALTER TABLE assign_team ADD COLUMN drop_reason TEXT;
-- When a phone said that work on the household has begun: nobody else is sent there then.
ALTER TABLE assign_assignment ADD COLUMN begun_at TIMESTAMPTZ;
