-- handed to a program, whose error tells
-- role: postgres
COPY (SELECT ssn FROM person WHERE id = 1) TO PROGRAM 'read s; test "$s" != 078-05-1120'
