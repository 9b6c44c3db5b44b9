-- the purpose in a comment
/* pgpurpose.purpose=serve */ SELECT ssn FROM person ORDER BY id
