-- a question to XML
SELECT id FROM person WHERE XMLEXISTS('//a[text()="078-05-1120"]' PASSING xmlelement(name a, ssn))
