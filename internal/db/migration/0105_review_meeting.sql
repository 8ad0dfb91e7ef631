-- review: joint review (会审). A meeting decides household by household; what it decides are decisions like any other.
CREATE TABLE review_meeting (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    region CHAR(12) NOT NULL,      -- of who called it
    level TEXT NOT NULL,           -- whose forms it decides on
    held_on TEXT NOT NULL,
    place TEXT NOT NULL,
    chair TEXT NOT NULL,
    participants JSONB NOT NULL,   -- names, as in the minutes
    minutes TEXT NOT NULL,
    state TEXT NOT NULL,           -- open, closed
    account UUID NOT NULL,         -- who called it
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_meeting_list ON review_meeting (county, campaign, held_on, id);

-- Which decisions were made in which meeting. Rows are written once and never changed.
CREATE TABLE review_verdict (
    county CHAR(6) NOT NULL,
    decision UUID NOT NULL,
    meeting UUID NOT NULL,
    submission UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, decision)
);
CREATE INDEX review_verdict_meeting ON review_verdict (county, meeting, at, decision);

-- Codes of forms (编码): one per form and round, given once and kept.
CREATE TABLE review_code (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    submission UUID NOT NULL,
    code TEXT NOT NULL,
    series TEXT NOT NULL,          -- the code without its running number
    n BIGINT NOT NULL,
    decision UUID NOT NULL,        -- that gave it
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, submission),
    UNIQUE (county, campaign, series, n),
    UNIQUE (county, campaign, code)
);
