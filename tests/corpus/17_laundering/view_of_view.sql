-- a view of a view, under other labels
SELECT what FROM person_view_view ORDER BY number
