-- XML as text
SELECT XMLSERIALIZE(CONTENT xmlelement(name a, ssn) AS text) FROM person ORDER BY id
