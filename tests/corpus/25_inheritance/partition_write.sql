-- a write to a partition
UPDATE visit_2023 SET day = day WHERE place LIKE 'zebra%'
