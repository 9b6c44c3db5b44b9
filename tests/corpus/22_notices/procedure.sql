-- a note of a procedure
CALL shout(2)
