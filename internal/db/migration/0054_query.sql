-- query: items that a team cannot decide and asks upward before the form is finished (请示).
CREATE TABLE query_item (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by the phone
    campaign UUID NOT NULL,
    assignment UUID NOT NULL,
    household UUID NOT NULL,
    village CHAR(12) NOT NULL,
    team UUID NOT NULL,
    form TEXT NOT NULL,            -- code of the questionnaire
    ref TEXT NOT NULL,             -- of the question, without repeat numbers
    label TEXT NOT NULL,           -- of the question, as the enumerator saw it
    state TEXT NOT NULL,           -- open, answered, closed
    ruling BOOLEAN NOT NULL,       -- the last answer holds for every household
    asked_at TIMESTAMPTZ NOT NULL,
    moved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX query_item_list ON query_item (county, campaign, state, village, id);
CREATE INDEX query_item_assignment ON query_item (county, assignment);

-- What was said, one row each; never changed.
CREATE TABLE query_turn (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by who says it: sent twice it is one
    item UUID NOT NULL,
    action TEXT NOT NULL,          -- ask, answer, close, reopen
    text TEXT NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX query_turn_item ON query_turn (county, item, at, id);
