-- region: places by official code, with their names. The tree is in the code itself.
CREATE TABLE region_place (
    county CHAR(6) NOT NULL,
    code CHAR(12) NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (county, code)
);
