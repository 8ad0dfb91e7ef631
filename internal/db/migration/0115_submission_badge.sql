-- submission: which form a badge has confirmed. The code of a minute of a phone is good for one.
CREATE TABLE submission_badge (
    county CHAR(6) NOT NULL,
    device UUID NOT NULL,
    minute BIGINT NOT NULL,        -- since 1970
    submission UUID NOT NULL,
    PRIMARY KEY (county, device, minute)
);
