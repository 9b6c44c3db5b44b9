-- the number, quoted by the error of a cast
SELECT ssn::date FROM person WHERE id = 1
