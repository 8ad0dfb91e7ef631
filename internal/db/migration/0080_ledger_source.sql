-- ledger: where problems come from, households outside the roster, escalation and supervision notices.
ALTER TABLE ledger_item ADD COLUMN nature TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger_item ADD COLUMN reference TEXT NOT NULL DEFAULT '';     -- document of the check that found it
ALTER TABLE ledger_item ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;  -- a complaint: kept from the village
ALTER TABLE ledger_item ADD COLUMN off_name TEXT NOT NULL DEFAULT '';      -- household outside the roster
ALTER TABLE ledger_item ADD COLUMN signed_by TEXT NOT NULL DEFAULT '';     -- who signed the village's list
ALTER TABLE ledger_item ADD COLUMN first_due TEXT;                          -- none while it is due_on
ALTER TABLE ledger_item ADD COLUMN notice TEXT NOT NULL DEFAULT '';        -- the last supervision notice
ALTER TABLE ledger_item ADD COLUMN reply_by TEXT;
ALTER TABLE ledger_item ADD COLUMN replied BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ledger_item ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

CREATE TABLE ledger_petition (
    county CHAR(6) NOT NULL,
    item UUID NOT NULL,
    kind TEXT NOT NULL,            -- complaint, need, advice
    channel TEXT NOT NULL,         -- visit, letter, phone, online
    petitioner TEXT NOT NULL,      -- '' when he or she gave no name
    contact TEXT NOT NULL,
    content TEXT NOT NULL,         -- in detail, as it was said
    explained TEXT NOT NULL,       -- the procedure, in the words that were used
    PRIMARY KEY (county, item)
);

CREATE TABLE ledger_notice (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,              -- of the event that issued it
    item UUID NOT NULL,
    no BIGINT NOT NULL,            -- first, second … of the item
    demand TEXT NOT NULL,
    reply_by TEXT NOT NULL,
    issued_name TEXT NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    reply TEXT NOT NULL,           -- '' until it was answered
    reply_name TEXT NOT NULL,
    replied_at TIMESTAMPTZ,
    PRIMARY KEY (county, id)
);
CREATE INDEX ledger_notice_item ON ledger_notice (county, item, no);
