-- A second form for a household: a second keying of a paper form, or two phones that began at the same door.
CREATE TABLE submission_second (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,      -- the second form
    n BIGINT NOT NULL,             -- its revision that was compared
    stands UUID NOT NULL,          -- the form that stood
    stands_n BIGINT NOT NULL,
    state TEXT NOT NULL,           -- open, same, kept, taken
    keyed BOOLEAN NOT NULL,        -- both were keyed from paper, by two people
    compared BOOLEAN NOT NULL,
    differs JSONB NOT NULL,
    found_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    note TEXT NOT NULL,
    PRIMARY KEY (county, submission)
);
CREATE INDEX submission_second_stands ON submission_second (county, stands);
