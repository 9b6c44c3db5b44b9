-- by a domain whose check reads the table
SELECT '078-05-1120'::known_ssn
