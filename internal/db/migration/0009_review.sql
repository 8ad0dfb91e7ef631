-- review: decisions of the reviewers and their comments at questions. Answers are never changed.
CREATE TABLE review_decision (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    level TEXT NOT NULL,
    action TEXT NOT NULL,          -- approve, return
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_decision_submission ON review_decision (county, submission, at, id);

CREATE TABLE review_comment (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    submission UUID NOT NULL,
    revision BIGINT NOT NULL,
    decision UUID NOT NULL,
    ref TEXT NOT NULL,
    text TEXT NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_comment_submission ON review_comment (county, submission, at, id);
