-- indicator: the items of a village's exit (S2.9) as its check found them.
CREATE TABLE indicator_village (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    item TEXT NOT NULL,            -- code in the playbook
    result TEXT NOT NULL,          -- met, not_met; unknown for one that is only considered
    figure TEXT NOT NULL,          -- what was measured
    note TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, village, item)
);
