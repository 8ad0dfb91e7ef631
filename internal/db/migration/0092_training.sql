-- training: attempts at the quiz before people are sent out. Rows are never changed; all are in the log.
CREATE TABLE training_result (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by the phone: sent twice it is one
    campaign UUID NOT NULL,
    account UUID NOT NULL,
    by_name TEXT NOT NULL,
    answers JSONB NOT NULL,        -- as they were given
    asked BIGINT NOT NULL,
    correct BIGINT NOT NULL,       -- by the server's own marking
    wrong JSONB NOT NULL,          -- codes of the other questions
    passed BOOLEAN NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL, -- by the phone's clock, never after it was received
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX training_result_list ON training_result (county, campaign, account, finished_at, id);
