-- with options on columns
COPY person (id, notes) TO STDOUT (FORMAT csv, FORCE_QUOTE (notes))
