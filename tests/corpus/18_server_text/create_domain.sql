-- a domain whose check is at hand
CREATE DOMAIN own AS text CHECK (known(VALUE))
---
SELECT '078-05-1120'::own
