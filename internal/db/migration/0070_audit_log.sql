-- Rows of append-only tables that wait to be sealed into the log.
CREATE TABLE audit_pending (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    entry BYTEA NOT NULL,
    PRIMARY KEY (county, id)
);

-- The entries of the log, in its order.
CREATE TABLE audit_leaf (
    county CHAR(6) NOT NULL,
    idx BIGINT NOT NULL,
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    entry BYTEA NOT NULL,
    PRIMARY KEY (county, idx)
);
CREATE INDEX audit_leaf_row ON audit_leaf (county, table_name, row_key);

-- The widest tile of each place of the tree.
CREATE TABLE audit_tile (
    county CHAR(6) NOT NULL,
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (county, level, n)
);

CREATE TABLE audit_log (
    county CHAR(6) NOT NULL,
    verifier TEXT NOT NULL,        -- public key; '' before the first seal
    checkpoint TEXT NOT NULL,      -- signed; '' before the first seal
    sealed_at TIMESTAMPTZ,
    touched BIGINT NOT NULL,       -- raised by whoever seals, so that two do not at once
    PRIMARY KEY (county)
);

-- Tables whose rows are all in the log or waiting.
CREATE TABLE audit_taken (
    county CHAR(6) NOT NULL,
    table_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, table_name)
);
