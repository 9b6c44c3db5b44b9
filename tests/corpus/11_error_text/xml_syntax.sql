-- the number, quoted by the error of a parser of XML
SELECT xmlparse(DOCUMENT ssn) FROM person ORDER BY id
