-- ledger: problems that were found, until they are closed.
CREATE TABLE ledger_item (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    campaign UUID NOT NULL,
    rule_key TEXT NOT NULL,        -- household and rule for what a rule found, the id for what a person registered: found once
    number TEXT NOT NULL,          -- shown to people: year-000001
    code TEXT NOT NULL,
    title JSONB NOT NULL,
    category TEXT NOT NULL,
    sector TEXT NOT NULL,
    severity TEXT NOT NULL,
    source TEXT NOT NULL,          -- rule, visit
    household UUID,
    village CHAR(12) NOT NULL,
    team TEXT NOT NULL,
    submission UUID,
    revision BIGINT NOT NULL,      -- of the form, that last said whether the rule holds
    state TEXT NOT NULL,
    responsible TEXT NOT NULL,
    cause TEXT NOT NULL,
    measure TEXT NOT NULL,
    person TEXT NOT NULL,
    found_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    data_clear BOOLEAN NOT NULL,
    claimed_by TEXT NOT NULL,      -- account of the last claim
    PRIMARY KEY (county, id),
    UNIQUE (county, campaign, rule_key)
);
CREATE INDEX ledger_item_number ON ledger_item (county, campaign, number, id);
CREATE INDEX ledger_item_state ON ledger_item (county, campaign, state, number, id);
CREATE INDEX ledger_item_household ON ledger_item (county, household);

CREATE TABLE ledger_event (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    item UUID NOT NULL,
    action TEXT NOT NULL,
    account TEXT NOT NULL,         -- '' when the program acted
    by_name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    files JSONB NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX ledger_event_item ON ledger_event (county, item, at, id);

CREATE TABLE ledger_number (
    county CHAR(6) NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (county, year)
);
