-- score: rounds of evaluation with the scheme as it was when the round was opened, what is known about the units, and who said so.
CREATE TABLE score_round (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    object TEXT NOT NULL,          -- code of the kind of unit
    round TEXT NOT NULL,           -- code
    scheme JSONB NOT NULL,         -- frozen
    digest TEXT NOT NULL,          -- SHA-256 of the scheme
    state TEXT NOT NULL,           -- open, closed
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, object, round)
);

CREATE TABLE score_unit (
    county CHAR(6) NOT NULL,
    round UUID NOT NULL,
    code TEXT NOT NULL,            -- of the place; of a department, its name
    name TEXT NOT NULL,
    place CHAR(12) NOT NULL,
    PRIMARY KEY (county, round, code)
);

-- What is known about a unit: points of an item, a fact that rules count, or that an item does not apply.
CREATE TABLE score_entry (
    county CHAR(6) NOT NULL,
    round UUID NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,            -- points, fact, not_applicable
    key TEXT NOT NULL,
    value TEXT NOT NULL,           -- a decimal; the reason where an item does not apply
    evidence JSONB NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, round, unit, kind, key)
);

CREATE TABLE score_rating (
    county CHAR(6) NOT NULL,
    round UUID NOT NULL,
    unit TEXT NOT NULL,
    item TEXT NOT NULL,
    account UUID NOT NULL,
    points TEXT NOT NULL,
    ruling BOOLEAN NOT NULL,
    evidence JSONB NOT NULL,
    note TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, round, unit, item, account)
);

-- Deductions and vetoes that were decided elsewhere, by a circular or by hand. source names the decision: it counts once.
CREATE TABLE score_adjustment (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    object TEXT NOT NULL,
    round TEXT NOT NULL,           -- code
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,            -- deduction, veto
    code TEXT NOT NULL,
    points TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence JSONB NOT NULL,
    source TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawn_by TEXT NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, object, round, unit, source)
);
