-- unless it is unknown
SELECT coalesce(ssn, 'none'), nullif(ssn, 'x'), greatest(ssn, ''), least(ssn, 'zzz') FROM person ORDER BY id
