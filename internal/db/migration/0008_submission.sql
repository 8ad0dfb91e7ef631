-- submission: one row per form of a household (one meta/instanceID): where it stands.
CREATE TABLE submission (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    instance_id TEXT NOT NULL,
    campaign UUID NOT NULL,        -- all zeros when nothing tells the campaign
    assignment UUID,               -- NULL when it fits none
    household UUID,
    village CHAR(12) NOT NULL,     -- the sender's region when the household is not known
    team UUID,
    day TEXT,
    form TEXT NOT NULL,            -- SHA-256 of the XForm
    form_code TEXT NOT NULL,
    account UUID NOT NULL,         -- who sent the current revision
    revision BIGINT NOT NULL,      -- the current one
    last_revision BIGINT NOT NULL, -- the highest number given, revisions set aside included
    state TEXT NOT NULL,
    level TEXT NOT NULL,           -- code of the review level; '' outside review
    reason TEXT NOT NULL,          -- code: why quarantined, or why a later revision was set aside
    errors BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    unconfirmed BIGINT NOT NULL,
    returned_times BIGINT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
-- At most one form stands for an assignment; what comes beside it is quarantined without one.
CREATE UNIQUE INDEX submission_assignment ON submission (county, assignment);
CREATE INDEX submission_queue ON submission (county, campaign, state, received_at, id);
CREATE INDEX submission_arrival ON submission (county, campaign, received_at, id);

-- The bytes as they came. Rows are written once and never changed.
CREATE TABLE submission_revision (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    n BIGINT NOT NULL,
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    base BIGINT NOT NULL,
    account UUID NOT NULL,
    form TEXT NOT NULL,
    claimed TEXT NOT NULL,         -- the assignment that the sender named
    reason TEXT NOT NULL,          -- code: why it was set aside on arrival; '' when it was not
    files JSONB NOT NULL,          -- names of the files that it mentions
    received_at TIMESTAMPTZ NOT NULL,
    xml BYTEA NOT NULL,
    PRIMARY KEY (county, submission, n)
);

-- What the form engine said of a revision.
CREATE TABLE submission_judgement (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    n BIGINT NOT NULL,
    judged_at TIMESTAMPTZ NOT NULL,
    errors BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    unconfirmed BIGINT NOT NULL,
    reason TEXT NOT NULL,          -- code: why the engine could not take it; '' when it could
    problems JSONB NOT NULL,       -- codes of the problem rules that hold
    PRIMARY KEY (county, submission, n)
);

CREATE TABLE submission_finding (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    ref TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    message JSONB NOT NULL,
    reason TEXT NOT NULL,          -- the enumerator's explanation (核实说明); '' when there is none
    PRIMARY KEY (county, submission, n, seq)
);
