-- survey: newer versions of the forms of a campaign. What a campaign began with is in survey_campaign_form of then: before, in the first row.
-- Rows are only added.
CREATE TABLE survey_version (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    code TEXT NOT NULL,
    n BIGINT NOT NULL,             -- from 2; 1 is the playbook's
    hash CHAR(64) NOT NULL,
    before CHAR(64) NOT NULL,      -- the version that it follows
    reason TEXT NOT NULL,
    file_name TEXT NOT NULL,       -- of the workbook
    at TIMESTAMPTZ NOT NULL,
    account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (county, campaign, code, n)
);
