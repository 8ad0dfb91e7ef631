-- progress: how many things are in which state, by place, team and day. Kept, not counted.
CREATE TABLE progress_cell (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,            -- assignment, problem
    village CHAR(12) NOT NULL,
    team TEXT NOT NULL,            -- '' when there is none
    day TEXT NOT NULL,             -- of the visit, or the day a problem was found; '' when there is none
    due_on TEXT NOT NULL,          -- problems only; '' otherwise
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, kind, village, team, day, due_on, state)
);

CREATE TABLE progress_version (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign)
);
