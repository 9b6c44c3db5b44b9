-- a hidden value into a plain column of the same row
UPDATE person SET region = ssn
---
SELECT region FROM person ORDER BY id
