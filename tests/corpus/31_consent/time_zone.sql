-- a day elsewhere
SET LOCAL TimeZone = 'Pacific/Kiritimati'
---
SELECT name FROM person WHERE id = 4
