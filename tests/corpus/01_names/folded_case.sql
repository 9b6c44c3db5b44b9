-- the number, shouted
SELECT SSN FROM PERSON ORDER BY ID
