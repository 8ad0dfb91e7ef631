-- match: figures of households compared across registers, paper and site; papers.
CREATE TABLE match_value (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    member TEXT NOT NULL,          -- id of the person, '' for the household
    field TEXT NOT NULL,           -- code of the playbook's agreement
    source TEXT NOT NULL,          -- paper, site
    value TEXT NOT NULL,
    ground TEXT NOT NULL,          -- id of the submission, '' for what was typed in
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, household, member, field, source)
);
CREATE TABLE match_agreement (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    household UUID NOT NULL,
    member TEXT NOT NULL,
    field TEXT NOT NULL,
    verdict TEXT NOT NULL,         -- agree, differ, missing
    three_way TEXT NOT NULL,       -- likewise, '' nothing to compare
    four_level TEXT NOT NULL,
    sources JSONB NOT NULL,        -- list of source, value, known
    ruling TEXT NOT NULL,          -- the source whose value counts; '' none has one
    ruling_value TEXT NOT NULL,
    state TEXT NOT NULL,           -- none, open, settled
    responsible TEXT NOT NULL,     -- role
    found_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    settled_value TEXT NOT NULL,   -- what was found to be right
    settled_source TEXT NOT NULL,  -- a source, or other
    note TEXT NOT NULL,
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    settled_at TIMESTAMPTZ,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, household, member, field)
);
CREATE INDEX match_agreement_village ON match_agreement (county, campaign, village, id);
CREATE TABLE match_paper (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    household UUID NOT NULL,
    paper TEXT NOT NULL,           -- code of the playbook's papers
    village CHAR(12) NOT NULL,
    present TEXT NOT NULL,         -- yes, no
    complete TEXT NOT NULL,        -- yes, no, '' not looked at
    consistent TEXT NOT NULL,
    note TEXT NOT NULL,
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, household, paper)
);
CREATE INDEX match_paper_village ON match_paper (county, campaign, village);
