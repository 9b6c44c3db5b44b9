-- a note of a policy of one's own
CREATE POLICY p ON person USING (tell(ssn))
---
ALTER TABLE person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
---
SELECT id FROM person ORDER BY id
