-- a union in an order
SELECT id FROM (SELECT id, ssn FROM person UNION ALL SELECT 0, '100') u ORDER BY ssn, id
