-- progress: sums of cells by village, team and day in each township, so that a page need not read the cells of a county.
CREATE TABLE progress_sum (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    axis TEXT NOT NULL,            -- village, team, day
    township CHAR(12) NOT NULL,
    item TEXT NOT NULL,            -- code of the village, id of the team, the day
    assigned BIGINT NOT NULL,
    submitted BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    problems_open BIGINT NOT NULL,
    problems_closed BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, axis, township, item)
);

-- Open problems by due date: what is overdue changes with the clock, not with a fact.
CREATE TABLE progress_due (
    county CHAR(6) NOT NULL,
    campaign UUID NOT NULL,
    axis TEXT NOT NULL,
    due_on TEXT NOT NULL,
    township CHAR(12) NOT NULL,
    item TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (county, campaign, axis, due_on, township, item)
);

INSERT INTO progress_sum (county, campaign, axis, township, item, assigned, submitted, returned, accepted, problems_open, problems_closed)
SELECT county, campaign, axis, township, item,
    sum(CASE WHEN kind = 'assignment' AND state IN ('open', 'submitted', 'returned', 'done') THEN n ELSE 0 END),
    sum(CASE WHEN kind = 'assignment' AND state IN ('submitted', 'returned', 'done') THEN n ELSE 0 END),
    sum(CASE WHEN kind = 'assignment' AND state = 'returned' THEN n ELSE 0 END),
    sum(CASE WHEN kind = 'assignment' AND state = 'done' THEN n ELSE 0 END),
    sum(CASE WHEN kind = 'problem' AND state <> 'closed' THEN n ELSE 0 END),
    sum(CASE WHEN kind = 'problem' AND state = 'closed' THEN n ELSE 0 END)
FROM (
    SELECT county, campaign, kind, state, n, 'village' AS axis, substr(village, 1, 9) || '000' AS township, village AS item FROM progress_cell
    UNION ALL
    SELECT county, campaign, kind, state, n, 'team', substr(village, 1, 9) || '000', team FROM progress_cell WHERE team <> ''
    UNION ALL
    SELECT county, campaign, kind, state, n, 'day', substr(village, 1, 9) || '000', day FROM progress_cell WHERE day <> ''
) AS x
GROUP BY county, campaign, axis, township, item;

INSERT INTO progress_due (county, campaign, axis, due_on, township, item, n)
SELECT county, campaign, axis, due_on, township, item, sum(n)
FROM (
    SELECT county, campaign, due_on, n, 'village' AS axis, substr(village, 1, 9) || '000' AS township, village AS item
    FROM progress_cell WHERE kind = 'problem' AND state <> 'closed'
    UNION ALL
    SELECT county, campaign, due_on, n, 'team', substr(village, 1, 9) || '000', team
    FROM progress_cell WHERE kind = 'problem' AND state <> 'closed' AND team <> ''
    UNION ALL
    SELECT county, campaign, due_on, n, 'day', substr(village, 1, 9) || '000', day
    FROM progress_cell WHERE kind = 'problem' AND state <> 'closed' AND day <> ''
) AS x
GROUP BY county, campaign, axis, due_on, township, item;
