-- A household in all campaigns of a county, by its code: what earlier rounds saw there.
CREATE INDEX roster_household_code ON roster_household (county, code);

-- The accepted forms of a household. Only an acceptance writes to it, so that intake does not pay for it.
CREATE INDEX submission_accepted ON submission (county, household) WHERE state = 'accepted';
