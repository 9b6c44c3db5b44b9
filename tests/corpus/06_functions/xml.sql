-- the number as XML
SELECT xmlelement(name s, ssn), xmlforest(notes) FROM person ORDER BY id
