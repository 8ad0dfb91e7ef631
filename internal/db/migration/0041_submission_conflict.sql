-- Two edits of one form that began with the same revision: the second one was set aside, and this is what became of it.
CREATE TABLE submission_conflict (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    n BIGINT NOT NULL,             -- the revision that was set aside
    base BIGINT NOT NULL,          -- the revision that both began with
    current BIGINT NOT NULL,       -- the one that stood when it came
    state TEXT NOT NULL,           -- open, merged, kept (the current one stays), taken (the other one)
    result BIGINT NOT NULL,        -- the revision that came of it; 0: none
    both_touched JSONB NOT NULL,   -- questions that both touched
    second_only JSONB NOT NULL,    -- questions that only the second one touched
    found_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    note TEXT NOT NULL,
    PRIMARY KEY (county, submission, n)
);
CREATE INDEX submission_conflict_open ON submission_conflict (county, state, found_at, submission, n);
