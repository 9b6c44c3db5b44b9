-- kept in the seed of chance
SELECT setseed(balance / 1000.0) FROM person WHERE id = 1
---
SELECT random()
