-- the number in pieces
SELECT regexp_matches(ssn, '(\d)(\d)'), regexp_split_to_array(notes, ' '), regexp_replace(ssn, '-', '', 'g') FROM person ORDER BY id
