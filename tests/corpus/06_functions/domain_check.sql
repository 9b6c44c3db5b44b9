-- by a domain whose check reads the table
-- known: checks of domains are not judged
SELECT '078-05-1120'::known_ssn
