-- the number as the name of a setting
SELECT current_setting(ssn) FROM person ORDER BY id
