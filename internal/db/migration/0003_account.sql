-- account: people who log in, their sessions, and the brakes on guessing.
CREATE TABLE account_person (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    region_code CHAR(12) NOT NULL,
    home_village CHAR(12),
    from_county BOOLEAN NOT NULL,
    unit TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    password TEXT NOT NULL,
    pin JSONB,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, account)
);
CREATE INDEX account_person_region ON account_person (county, region_code, account);

-- Who logs in gives only a name, so names are unique over all counties: a small table that every machine holds in full.
CREATE TABLE account_login (
    account TEXT NOT NULL PRIMARY KEY,
    county CHAR(6) NOT NULL,
    id UUID NOT NULL
);

CREATE TABLE account_session (
    county CHAR(6) NOT NULL,
    digest CHAR(64) NOT NULL,
    account_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, digest)
);
CREATE INDEX account_session_person ON account_session (county, account_id);

-- Attempts to log in, by account and by address. The county is not known before the login succeeds: it is '000000'.
CREATE TABLE account_attempt (
    county CHAR(6) NOT NULL,
    key TEXT NOT NULL,
    tries BIGINT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ,
    PRIMARY KEY (county, key)
);
