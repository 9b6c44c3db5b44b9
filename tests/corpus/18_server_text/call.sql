-- a procedure
CALL shout(1)
