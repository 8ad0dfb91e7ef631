-- match: what an office has proposed to the listing for a suspect who is to be visited; '' is nothing.
ALTER TABLE match_suspect ADD COLUMN proposed TEXT NOT NULL DEFAULT '';           -- id of the household, made or to be made
ALTER TABLE match_suspect ADD COLUMN proposal TEXT NOT NULL DEFAULT '';           -- id of the listing's proposal; '' without a listing
