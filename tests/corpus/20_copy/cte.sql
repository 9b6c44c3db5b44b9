-- an expression in a copied query
COPY (WITH x AS (SELECT ssn FROM person) SELECT * FROM x ORDER BY 1) TO STDOUT
