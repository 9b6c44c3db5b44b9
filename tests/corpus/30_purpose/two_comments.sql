-- two purposes in comments
/* purpose=serve */ /* purpose=offers */ SELECT ssn FROM person ORDER BY id
