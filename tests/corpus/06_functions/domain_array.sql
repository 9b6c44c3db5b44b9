-- by an array of a domain that looks things up
SELECT '{078-05-1120}'::known_ssn[]
