-- by a function in SQL that reads the table
SELECT ssn_of(1)
