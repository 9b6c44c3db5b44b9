-- new functions for patterns
SELECT regexp_count(ssn, '0'), regexp_instr(notes, 'z'), regexp_substr(ssn, '^...') FROM person ORDER BY id
