-- key words as names
SELECT "select".ssn "from" FROM person "select" ORDER BY "select".id
