-- the numbers below a VALUES
VALUES ('a') UNION ALL SELECT ssn FROM person ORDER BY 1
