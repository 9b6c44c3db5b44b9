-- set and asked in one text
SET pgpurpose.purpose = 'serve'; SELECT ssn FROM person ORDER BY id
