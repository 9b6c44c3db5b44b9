-- one column
COPY public.person (ssn) TO STDOUT
