-- a partition by itself
SELECT place FROM visit_2023 ORDER BY day
