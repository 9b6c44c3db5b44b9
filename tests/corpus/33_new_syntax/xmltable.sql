-- a table made of XML
SELECT x.s FROM person p, XMLTABLE('/a' PASSING xmlelement(name a, p.ssn) COLUMNS s text PATH '.') x ORDER BY p.id
