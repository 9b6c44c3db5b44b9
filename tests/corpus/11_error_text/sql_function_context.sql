-- the number by an error in a function
SELECT 1 FROM note WHERE ssn_of(id)::integer = 1
