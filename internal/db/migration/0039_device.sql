-- device: what the office knows of the phones. A row is one account's store of data on one phone.
CREATE TABLE device (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- made by the phone with its data key
    account UUID NOT NULL,
    region CHAR(12) NOT NULL,      -- of the account when it was last seen: decides who may give orders
    label TEXT NOT NULL,           -- browser and system as the phone says it
    first_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    queued BIGINT NOT NULL,        -- finished forms that had not arrived when it was last seen
    drafts BIGINT NOT NULL,
    media BIGINT NOT NULL,
    kept BOOLEAN NOT NULL,         -- the browser promised not to clear its storage
    free_mb BIGINT NOT NULL,       -- -1: not known
    replaced BOOLEAN NOT NULL,     -- another phone took its place: what it still sends is quarantined
    wipe BOOLEAN NOT NULL,         -- ordered: it clears itself when everything has arrived
    ordered_at TIMESTAMPTZ,
    wiped_at TIMESTAMPTZ,
    PRIMARY KEY (county, id)
);
CREATE INDEX device_account ON device (county, account, id);

-- The key pair to which phones wrap their data keys, so that the office can open a package.
CREATE TABLE device_key (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    private BYTEA NOT NULL,        -- P-256 scalar, 32 bytes
    PRIMARY KEY (county, id)
);

-- Packages: encrypted copies of what a phone held, brought as a file or left by the phone. The bytes are a blob.
CREATE TABLE device_package (
    county CHAR(6) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    device UUID NOT NULL,
    account UUID NOT NULL,
    region CHAR(12) NOT NULL,
    came_by UUID NOT NULL,         -- account that brought it
    came_at TIMESTAMPTZ NOT NULL,
    forms BIGINT NOT NULL,
    drafts BIGINT NOT NULL,
    pictures BIGINT NOT NULL,
    imported_at TIMESTAMPTZ,       -- NULL: not yet
    PRIMARY KEY (county, sha256)
);
CREATE INDEX device_package_arrival ON device_package (county, came_at, sha256);
