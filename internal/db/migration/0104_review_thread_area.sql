-- review: a comment at a question begins a thread, which is open until somebody says that it is resolved.
CREATE TABLE review_thread (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- of the comment
    submission UUID NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    level TEXT NOT NULL,           -- that began it
    state TEXT NOT NULL,           -- open, resolved
    moved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_thread_submission ON review_thread (county, submission);
CREATE INDEX review_thread_open ON review_thread (county, campaign, village, submission) WHERE state = 'open';
-- Until now a comment counted as dealt with when a newer revision had come.
INSERT INTO review_thread (county, id, submission, campaign, village, level, state, moved_at)
 SELECT c.county, c.id, c.submission, s.campaign, s.village, d.level,
  CASE WHEN s.state = 'accepted' OR s.revision > c.revision THEN 'resolved' ELSE 'open' END, c.at
 FROM review_comment c
 JOIN submission s ON s.county = c.county AND s.id = c.submission
 JOIN review_decision d ON d.county = c.county AND d.id = c.decision;

-- What was said in threads after the first comment. Rows are written once and never changed.
CREATE TABLE review_said (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by who says it: sent twice it is one
    thread UUID NOT NULL,
    submission UUID NOT NULL,
    action TEXT NOT NULL,          -- reply, resolve, reopen
    text TEXT NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_said_submission ON review_said (county, submission, at, id);

-- Acceptance of villages (验收): where each stands, and every acceptance and reopening.
CREATE TABLE review_area (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    state TEXT NOT NULL,           -- accepted, reopened
    by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, campaign, village)
);
CREATE TABLE review_area_act (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by who decides: sent twice it is one
    campaign UUID NOT NULL,
    village CHAR(12) NOT NULL,
    action TEXT NOT NULL,          -- accept, reopen
    reason TEXT NOT NULL,
    forms BIGINT NOT NULL,         -- accepted ones
    submission UUID,               -- the form whose return reopened it
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX review_area_act_village ON review_area_act (county, campaign, village, at, id);
