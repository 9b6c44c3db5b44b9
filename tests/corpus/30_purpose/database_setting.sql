-- a purpose that the database carries
-- role: postgres
-- commits: yes
-- undo: DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database()); END $$
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pgpurpose.purpose = serve', current_database()); END $$
---
SELECT ssn FROM person ORDER BY id
