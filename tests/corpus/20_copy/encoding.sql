-- in another encoding
COPY (SELECT notes FROM person ORDER BY id) TO STDOUT (ENCODING 'LATIN1')
