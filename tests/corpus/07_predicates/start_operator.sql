-- with the operator for beginnings
SELECT id FROM person WHERE ssn ^@ '078' ORDER BY id
