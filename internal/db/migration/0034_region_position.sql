-- region: where places are (WGS 84, degrees), for ways between villages. NULL is not known.
ALTER TABLE region_place ADD COLUMN lat DOUBLE PRECISION;
ALTER TABLE region_place ADD COLUMN lon DOUBLE PRECISION;
