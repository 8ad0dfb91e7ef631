-- job: events that wait for their handlers, one row per event and handler.
CREATE TABLE job_task (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    handler TEXT NOT NULL,
    event TEXT NOT NULL,
    payload JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempt BIGINT NOT NULL,
    failed BOOLEAN NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX job_task_due ON job_task (handler, failed, due_at, id);
