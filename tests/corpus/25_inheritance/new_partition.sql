-- a new partition, and what was moved there
CREATE TABLE visit_2025 PARTITION OF visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
---
UPDATE visit SET day = '2025-05-05' WHERE day = '2023-05-05'
---
SELECT place FROM visit_2025
