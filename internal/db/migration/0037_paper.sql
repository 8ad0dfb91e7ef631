-- paper: what was printed, by whom, and the files until they expire.
CREATE TABLE paper_job (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    account UUID NOT NULL,         -- who printed
    actor JSONB NOT NULL,          -- the same person's name, role and region on that day
    ask JSONB NOT NULL,
    base TEXT NOT NULL,            -- address that QR codes begin with
    open_pii BOOLEAN NOT NULL,     -- ID numbers and phones are printed in full
    households INT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX paper_job_own ON paper_job (county, campaign, account, id);

CREATE TABLE paper_file (
    county CHAR(6) NOT NULL,
    job UUID NOT NULL,
    n INT NOT NULL,
    name TEXT NOT NULL,            -- file name without .pdf
    households JSONB NOT NULL,     -- ids, in order
    state TEXT NOT NULL,           -- queued, building, printing, ready, failed, gone
    done INT NOT NULL,             -- households laid out
    total INT NOT NULL,
    error TEXT NOT NULL,           -- code
    fields JSONB NOT NULL,         -- parameters of its sentence
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    ended_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,        -- of a file that is ready
    PRIMARY KEY (county, job, n)
);
CREATE INDEX paper_file_expiry ON paper_file (state, expires_at);
