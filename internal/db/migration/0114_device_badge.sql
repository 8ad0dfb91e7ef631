-- device: the public keys of phones, with which others check the badges that they show. Rows are never changed; all are in the log. When a key ends
-- is not stored: it follows from the device.
CREATE TABLE device_badge (
    county CHAR(6) NOT NULL,
    device UUID NOT NULL,
    digest CHAR(64) NOT NULL,      -- SHA-256 of the point
    account UUID NOT NULL,
    point BYTEA NOT NULL,          -- uncompressed P-256, 65 bytes
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, device, digest)
);
CREATE INDEX device_badge_account ON device_badge (county, account, device, digest);
