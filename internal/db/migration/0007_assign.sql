-- assign: teams of enumerators and which household each visits on which day.
CREATE TABLE assign_team (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, name)
);
-- A person is in one team of a campaign.
CREATE TABLE assign_member (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    account UUID NOT NULL,
    team UUID NOT NULL,
    ordinal BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, account)
);
CREATE INDEX assign_member_team ON assign_member (county, team, ordinal);
CREATE INDEX assign_member_account ON assign_member (county, account, campaign);
-- A household has one assignment in a campaign.
CREATE TABLE assign_assignment (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    form TEXT NOT NULL,
    form_hash CHAR(64) NOT NULL,
    team UUID NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    submission UUID,
    pinned BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, household)
);
CREATE INDEX assign_assignment_day ON assign_assignment (county, campaign, day, id);
CREATE INDEX assign_assignment_team ON assign_assignment (county, team, day, id);
CREATE INDEX assign_assignment_village ON assign_assignment (county, campaign, village, id);
-- The last plan that was applied.
CREATE TABLE assign_plan (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_account TEXT NOT NULL,
    PRIMARY KEY (county, campaign)
);
