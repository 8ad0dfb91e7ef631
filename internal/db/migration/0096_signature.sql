-- signature: who signed which content when. Rows are never changed; all are in the log. That a signature is void is not stored: the digest
-- of what is there now is another one.
CREATE TABLE signature_entry (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    kind TEXT NOT NULL,            -- household, village, ledger
    subject TEXT NOT NULL,         -- id of the household, code of the village
    village CHAR(12) NOT NULL,
    step TEXT NOT NULL,            -- of the playbook's chain
    digest CHAR(64) NOT NULL,      -- of the bytes of the form, or of signature_content
    submission TEXT NOT NULL,      -- of a form; '' for a list
    revision BIGINT NOT NULL,      -- of a form; 0 for a list
    problems TEXT NOT NULL,        -- codes that the form showed when it was signed; of a list, how many
    account TEXT NOT NULL,         -- '' when the household signed, or somebody without an account
    by_name TEXT NOT NULL,         -- '' when the household signed
    role TEXT NOT NULL,            -- '' when the household signed
    for_whom TEXT NOT NULL,        -- role that should have signed, or household; '' in one's own name
    reason TEXT NOT NULL,          -- of signing for a household: remote, carried, paper
    note TEXT NOT NULL,
    image TEXT NOT NULL,           -- name of the drawn picture: its digest; '' when none was drawn
    signed_at TIMESTAMPTZ,         -- by the clock of the phone
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, kind, subject, step, digest)
);
CREATE INDEX signature_entry_account ON signature_entry (county, campaign, account, at, id);
CREATE INDEX signature_entry_village ON signature_entry (county, campaign, kind, village, id);

-- What signed lists say, once for each digest. Rows are never changed; all are in the log.
CREATE TABLE signature_content (
    county CHAR(6) NOT NULL,
    digest CHAR(64) NOT NULL,
    content TEXT NOT NULL,         -- JSON as it was hashed
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, digest)
);
