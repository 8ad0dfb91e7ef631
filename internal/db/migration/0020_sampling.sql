-- sampling: what was drawn from, by which seed, which households came out, and which replacements were used.
-- What the office says of a place before the frame is frozen: the group of a township, the type of a village.
CREATE TABLE sampling_place (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    place CHAR(12) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (county, campaign, place)
);
-- Draws are never deleted; a new one says why.
CREATE TABLE sampling_draw (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,          -- why drawn again; '' for the first
    frame CHAR(64) NOT NULL,       -- SHA-256 of the frame's file, a blob
    frame_bytes BIGINT NOT NULL,
    villages BIGINT NOT NULL,
    households BIGINT NOT NULL,
    plan TEXT NOT NULL,            -- as it was hashed
    plan_digest CHAR(64) NOT NULL,
    frozen_at TIMESTAMPTZ NOT NULL,
    frozen_by TEXT NOT NULL,
    seed TEXT NOT NULL,
    seed_source TEXT NOT NULL,
    witnesses TEXT NOT NULL,
    drawn_at TIMESTAMPTZ,
    drawn_by TEXT NOT NULL,
    sample TEXT NOT NULL,          -- SHA-256 of the sample's JSON, a blob; '' before the draw
    published_at TIMESTAMPTZ,
    published_by TEXT NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, number)
);
-- The households of a draw with their design weights: exact as text, and as a number to reckon with.
CREATE TABLE sampling_unit (
    county CHAR(6) NOT NULL,
    draw UUID NOT NULL,
    household UUID NOT NULL,
    code TEXT NOT NULL,
    village CHAR(12) NOT NULL,
    stratum TEXT NOT NULL,
    quota TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    state TEXT NOT NULL,
    p1 TEXT NOT NULL,
    p2 TEXT NOT NULL,
    weight TEXT NOT NULL,
    weight_value DOUBLE PRECISION NOT NULL,
    persons BIGINT NOT NULL,
    PRIMARY KEY (county, draw, household)
);
CREATE INDEX sampling_unit_village ON sampling_unit (county, draw, village, stratum, ordinal, household);
CREATE TABLE sampling_use (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    draw UUID NOT NULL,
    household UUID NOT NULL,
    replacement UUID,              -- NULL when the stratum has no reserve left
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX sampling_use_draw ON sampling_use (county, draw, id);
