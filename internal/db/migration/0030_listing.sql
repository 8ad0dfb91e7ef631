-- listing: the villages go through the list, household by household. roster: what was struck, why, every change, and the frozen list.
ALTER TABLE roster_household ADD COLUMN state TEXT NOT NULL DEFAULT 'listed';
ALTER TABLE roster_household ADD COLUMN struck TEXT NOT NULL DEFAULT '';
ALTER TABLE roster_household ADD COLUMN origin TEXT NOT NULL DEFAULT 'import';
ALTER TABLE roster_household ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE roster_household ADD COLUMN village_now CHAR(12);
ALTER TABLE roster_household ADD COLUMN added_at TIMESTAMPTZ;
ALTER TABLE roster_member ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX roster_household_now ON roster_household (county, campaign, village_now);
CREATE TABLE roster_link (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    old UUID NOT NULL,
    new UUID NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, old, new)
);
CREATE INDEX roster_link_new ON roster_link (county, new);
CREATE TABLE roster_change (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    number BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_name TEXT NOT NULL,
    by_role TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    differences JSONB NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX roster_change_household ON roster_change (county, household, id);
CREATE TABLE roster_head (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    touched BIGINT NOT NULL,
    PRIMARY KEY (county, campaign)
);
CREATE TABLE roster_frozen (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, village)
);
CREATE TABLE roster_entry (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    households BIGINT NOT NULL,
    digest CHAR(64) NOT NULL,
    PRIMARY KEY (county, campaign, number)
);
CREATE TABLE roster_entry_text (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    number BIGINT NOT NULL,
    village CHAR(12) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (county, campaign, number, village)
);
CREATE TABLE listing_village (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    from_paper BOOLEAN NOT NULL,
    village_at TIMESTAMPTZ,
    village_by TEXT NOT NULL,
    township_at TIMESTAMPTZ,
    township_by TEXT NOT NULL,
    frozen_at TIMESTAMPTZ,
    frozen_by TEXT NOT NULL,
    returned_at TIMESTAMPTZ,
    returned_by TEXT NOT NULL,
    returned_why TEXT NOT NULL,
    PRIMARY KEY (county, campaign, village)
);
CREATE TABLE listing_proposal (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    household UUID NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    files JSONB NOT NULL,
    op JSONB NOT NULL,
    name TEXT NOT NULL,
    differences JSONB NOT NULL,
    from_paper BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_account UUID NOT NULL,
    by_name TEXT NOT NULL,
    by_role TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by TEXT NOT NULL,
    decided_note TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX listing_proposal_village ON listing_proposal (county, campaign, village, id);
CREATE INDEX listing_proposal_household ON listing_proposal (county, household, id);
CREATE TABLE listing_answer (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    proposal UUID NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    on_list BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county, household)
);
CREATE INDEX listing_answer_village ON listing_answer (county, campaign, village);
