-- Keys with which apps other than ours (ODK Collect) send for one person. The secret is shown once; a withdrawn key stays as a row.
CREATE TABLE device_client (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by the office's browser
    account UUID NOT NULL,
    region CHAR(12) NOT NULL,      -- of the account when the key was made
    name TEXT NOT NULL,            -- what the client says it is: county, '-', 8 letters
    label TEXT NOT NULL,           -- what the office calls it
    secret CHAR(64) NOT NULL,      -- SHA-256 of the password
    ha1 CHAR(32) NOT NULL,         -- MD5 of name:realm:password, for digest authentication
    made_at TIMESTAMPTZ NOT NULL,
    made_by UUID NOT NULL,
    seen_at TIMESTAMPTZ,           -- NULL: not used yet
    withdrawn_at TIMESTAMPTZ,
    withdrawn_by UUID,
    PRIMARY KEY (county, id),
    UNIQUE (county, name)
);
CREATE INDEX device_client_account ON device_client (county, account, id);
