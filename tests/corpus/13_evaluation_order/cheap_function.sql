-- a talkative function before the filter
SELECT id FROM person WHERE tell(ssn) ORDER BY id
