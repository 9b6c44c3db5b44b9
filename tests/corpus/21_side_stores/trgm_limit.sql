-- kept in the limit of an extension
SELECT set_limit((balance / 1000.0)::real) FROM person WHERE id = 1
---
SELECT show_limit()
