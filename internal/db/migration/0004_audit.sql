-- audit: one row per decision of a person, written in the transaction of the decision and never changed.
CREATE TABLE audit_entry (
    county CHAR(6) NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_id TEXT NOT NULL,
    actor_account TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    action TEXT NOT NULL,
    campaign TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    place CHAR(12) NOT NULL,
    detail JSONB NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX audit_entry_object ON audit_entry (county, object, object_id, id);
