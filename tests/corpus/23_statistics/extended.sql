-- statistics over several columns
-- role: postgres
CREATE STATISTICS s (mcv) ON name, ssn FROM person
---
ANALYZE person
---
SELECT m.values FROM pg_statistic_ext_data, pg_mcv_list_items(stxdmcv) m ORDER BY 1
