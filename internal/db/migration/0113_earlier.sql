-- earlier: what an accepted form has to show to a later round. Written once for each revision that was asked for.
CREATE TABLE earlier_form (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    visited_on TEXT NOT NULL,
    position JSONB NOT NULL,       -- {lat, lon, accuracy}, or null
    looked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, submission, revision)
);

-- Its photographs, in the order of the form, with the label of the question.
CREATE TABLE earlier_shot (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    n BIGINT NOT NULL,
    original CHAR(64) NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    PRIMARY KEY (county, submission, revision, n)
);

-- The small picture of a photograph; both are blobs. '' is a photograph of which none can be made.
CREATE TABLE earlier_picture (
    county CHAR(6) NOT NULL,
    original CHAR(64) NOT NULL,
    small TEXT NOT NULL,
    size BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, original)
);
