-- an operator whose function is at hand
CREATE OPERATOR |??| (LEFTARG = integer, RIGHTARG = integer, FUNCTION = peek_by)
---
SELECT 0 |??| 1
