-- quality: what an independent listing of a village found, beside the list that was visited.
CREATE TABLE quality_coverage (
    county CHAR(6) NOT NULL,
    recheck UUID NOT NULL,
    village CHAR(12) NOT NULL,
    listed BIGINT NOT NULL,        -- households on the list, where the listing went
    found BIGINT NOT NULL,         -- households that the listing found there
    matched BIGINT NOT NULL,       -- in both
    note TEXT NOT NULL,
    account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, recheck, village)
);
