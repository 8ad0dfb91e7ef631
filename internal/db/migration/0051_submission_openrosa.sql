-- Records of other clients: an edit bears an id of its own and names the one before (deprecatedID), and files come under names of the client's
-- choice. Which submission and revision an instance is:
CREATE TABLE submission_instance (
    county CHAR(6) NOT NULL,
    instance UUID NOT NULL,        -- submission.ID of its meta/instanceID
    submission UUID NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (county, instance)
);

-- A file that came with a revision. The bytes are a blob.
CREATE TABLE submission_attachment (
    county CHAR(6) NOT NULL,
    submission UUID NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest CHAR(64) NOT NULL,
    account UUID NOT NULL,         -- who sent it
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (county, submission, n, name, digest)
);
