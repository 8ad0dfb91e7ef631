-- quality: what rules look at in the current revision of each form, and what they found.
CREATE TABLE quality_fact (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    village CHAR(12) NOT NULL,
    data JSONB NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, submission)
);

-- What should be the form's own: digests of number and phone, photographs, position.
CREATE TABLE quality_mark (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    submission UUID NOT NULL,
    PRIMARY KEY (county, campaign, kind, value, submission)
);
CREATE INDEX quality_mark_submission ON quality_mark (county, campaign, submission);

CREATE TABLE quality_finding (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    key TEXT NOT NULL,             -- rule, item and subject: found once
    rule TEXT NOT NULL,
    item TEXT NOT NULL,            -- question; '' where the rule is about none
    submission UUID,               -- NULL: it is about a team
    household UUID,
    village CHAR(12) NOT NULL,     -- of the form; of a team, where most of its forms are
    team UUID,
    figure TEXT NOT NULL,
    threshold TEXT NOT NULL,
    others JSONB NOT NULL,         -- submissions it was compared with
    figures JSONB NOT NULL,
    state TEXT NOT NULL,           -- open, explained, gone
    reason TEXT NOT NULL,
    account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    explained_at TIMESTAMPTZ,
    found_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, key)
);
CREATE INDEX quality_finding_list ON quality_finding (county, campaign, state, found_at, id);
CREATE INDEX quality_finding_submission ON quality_finding (county, submission);

-- One row per campaign and day: the rules that need all forms were run.
CREATE TABLE quality_run (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    day TEXT NOT NULL,
    forms BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, day)
);
