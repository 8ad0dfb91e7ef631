-- region: villages that were merged while surveys went on.
CREATE TABLE region_merger (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    old CHAR(12) NOT NULL,
    new CHAR(12) NOT NULL,
    day TEXT NOT NULL,
    document TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, old)
);
