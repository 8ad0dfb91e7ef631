-- circular: how the villages stood at a cut-off, and what was issued about it.
-- What changed on a day that ends at the cut-off. Only added to, and not any more once the day is over: sums up to a day never change.
CREATE TABLE circular_count (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    day TEXT NOT NULL,             -- of the change
    what TEXT NOT NULL,            -- assigned, submitted, accepted, problem, closed
    due_on TEXT NOT NULL,          -- the planned day of a visit, the deadline of a problem
    n BIGINT NOT NULL,             -- more or less than before
    PRIMARY KEY (county, campaign, village, day, what, due_on)
);

CREATE TABLE circular_sheet (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    series TEXT NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    state TEXT NOT NULL,           -- computed, approved, issued, withdrawn
    number BIGINT NOT NULL,        -- 0 before it is issued
    content TEXT NOT NULL,         -- JSON as it was hashed
    digest CHAR(64) NOT NULL,
    computed_at TIMESTAMPTZ NOT NULL,
    computed_name TEXT NOT NULL,
    approved_at TIMESTAMPTZ,
    approved_by TEXT NOT NULL,
    approved_name TEXT NOT NULL,
    issued_at TIMESTAMPTZ,
    issued_name TEXT NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawn_name TEXT NOT NULL,
    reason TEXT NOT NULL,          -- of the withdrawal
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX circular_sheet_period ON circular_sheet (county, campaign, series, to_on) WHERE state <> 'withdrawn';
CREATE INDEX circular_sheet_series ON circular_sheet (county, campaign, series, to_on, id);

CREATE TABLE circular_number (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    series TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, series)
);

-- What was issued and withdrawn, word for word. Rows are never changed; all are in the log.
CREATE TABLE circular_issue (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    sheet UUID NOT NULL,
    campaign UUID NOT NULL,
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    action TEXT NOT NULL,          -- issue, withdraw
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    digest CHAR(64) NOT NULL,
    content TEXT NOT NULL,         -- '' when it is withdrawn
    account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX circular_issue_sheet ON circular_issue (county, sheet, at, id);
