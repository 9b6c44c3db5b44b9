-- rows of a child beside rows of another
SELECT 0, '', '' UNION ALL TABLE contact_old ORDER BY 1, 3
