-- roster: where a household lives (WGS 84, degrees), where the base list knows it. Both or neither.
ALTER TABLE roster_household ADD COLUMN lat DOUBLE PRECISION;
ALTER TABLE roster_household ADD COLUMN lon DOUBLE PRECISION;
