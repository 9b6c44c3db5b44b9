-- a view for whoever asks
CREATE VIEW own WITH (security_invoker) AS SELECT ssn FROM person
---
SELECT ssn FROM own ORDER BY 1
