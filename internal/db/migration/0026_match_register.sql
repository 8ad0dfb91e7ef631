-- match: files of registers that others keep, their rows, and which column means what.
CREATE TABLE match_register (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,            -- code of the playbook's registers
    file_name TEXT NOT NULL,
    digest CHAR(64) NOT NULL,      -- of the file, a blob
    bytes BIGINT NOT NULL,
    state TEXT NOT NULL,           -- uploaded, loading, current, superseded, failed
    rows BIGINT NOT NULL,          -- loaded
    left_out BIGINT NOT NULL,
    left_out_file TEXT NOT NULL,   -- digest of the list of rows left out; '' is none
    mapping JSONB NOT NULL,
    report JSONB NOT NULL,
    skip_broken BOOLEAN NOT NULL,
    error JSONB NOT NULL,          -- why loading failed
    by_account TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    current_at TIMESTAMPTZ,
    PRIMARY KEY (county, id)
);
CREATE INDEX match_register_kind ON match_register (county, campaign, kind, id);

CREATE TABLE match_record (
    county CHAR(6) NOT NULL,
    register UUID NOT NULL,
    n BIGINT NOT NULL,             -- from 1, in the order of the file
    sheet BIGINT NOT NULL,         -- from 0
    row BIGINT NOT NULL,           -- of the file
    name TEXT NOT NULL,            -- of the person; of the head where a row is a household
    id_number TEXT NOT NULL,       -- 18 characters where it is valid, else as written
    birth TEXT NOT NULL,           -- 2006-01-02, '' unknown
    sex TEXT NOT NULL,             -- male, female, ''
    village TEXT NOT NULL,         -- 12 digits, '' unknown
    household_key TEXT NOT NULL,
    relation TEXT NOT NULL,
    case_key TEXT NOT NULL,
    data JSONB NOT NULL,           -- value by the field's code, for all mapped fields
    PRIMARY KEY (county, register, n)
);
CREATE INDEX match_record_number ON match_record (county, register, id_number);
CREATE INDEX match_record_household ON match_record (county, register, household_key);

CREATE TABLE match_mapping (
    county CHAR(6) NOT NULL,
    kind TEXT NOT NULL,
    header TEXT NOT NULL,          -- of a column, all rows of the header joined
    field TEXT NOT NULL,           -- '' is 'means nothing to us'
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, kind, header)
);
