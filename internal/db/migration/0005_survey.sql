-- survey: campaigns and the versions of their forms.
CREATE TABLE survey_campaign (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    region CHAR(12) NOT NULL,
    playbook TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    plan JSONB NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX survey_campaign_region ON survey_campaign (county, region, id);
-- A form version is named by the SHA-256 of its XForm text and never changes.
CREATE TABLE survey_form (
    county CHAR(6) NOT NULL,
    hash CHAR(64) NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    title JSONB NOT NULL,
    xform BYTEA NOT NULL,
    problems JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, hash)
);
CREATE INDEX survey_form_hash ON survey_form (hash);
-- Which version of which form a campaign uses, and for which classes of household.
CREATE TABLE survey_campaign_form (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    code TEXT NOT NULL,
    hash CHAR(64) NOT NULL,
    ordinal BIGINT NOT NULL,
    classes JSONB NOT NULL,
    PRIMARY KEY (county, campaign, code)
);
