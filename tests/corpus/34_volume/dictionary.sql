-- a thousand guesses in one question
SELECT g FROM generate_series(0, 9999) g JOIN person p ON p.ssn = '078-05-' || lpad(g::text, 4, '0') ORDER BY g
