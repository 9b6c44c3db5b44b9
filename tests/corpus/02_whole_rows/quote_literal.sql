-- the row as a quoted literal
SELECT quote_literal(p::text) FROM person p ORDER BY id
