-- as one XML
SELECT xmlagg(xmlelement(name s, ssn) ORDER BY id) FROM person
