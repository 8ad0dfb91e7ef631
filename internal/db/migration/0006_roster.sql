-- roster: the households to visit, their members, and what was imported when.
CREATE TABLE roster_household (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    code TEXT NOT NULL,
    village CHAR(12) NOT NULL,
    group_name TEXT NOT NULL,
    head_name TEXT NOT NULL,
    head_id_number TEXT NOT NULL,
    phone TEXT NOT NULL,
    class TEXT NOT NULL,
    exit_year BIGINT NOT NULL,
    size BIGINT NOT NULL,
    tags JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, code)
);
CREATE INDEX roster_household_village ON roster_household (county, campaign, village, code);
CREATE TABLE roster_member (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    id_number TEXT NOT NULL,
    relation TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT,
    health TEXT NOT NULL,
    schooling TEXT NOT NULL,
    phone TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX roster_member_household ON roster_member (county, household, ordinal);
CREATE INDEX roster_member_number ON roster_member (county, campaign, id_number);
CREATE TABLE roster_import (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    file_name TEXT NOT NULL,
    digest CHAR(64) NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    counts JSONB NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX roster_import_campaign ON roster_import (county, campaign, id);
