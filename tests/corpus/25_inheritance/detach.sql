-- a partition that is none any more
ALTER TABLE visit DETACH PARTITION visit_2023
---
SELECT place FROM visit_2023 ORDER BY day
