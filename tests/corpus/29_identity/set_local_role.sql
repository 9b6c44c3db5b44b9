-- as somebody else for a while
SET LOCAL ROLE guest
---
SELECT count(*) FROM person WHERE ssn = '078-05-1120'
