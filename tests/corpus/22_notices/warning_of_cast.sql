-- a note about a name too long
SELECT length(notes || repeat('x', 70)::name) FROM person WHERE tell(notes) ORDER BY id
