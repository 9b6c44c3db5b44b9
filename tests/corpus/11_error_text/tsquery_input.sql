-- the note as a query
SELECT (notes || ' (')::tsquery FROM person ORDER BY id
