-- the address in the detail of a row that is referred to
UPDATE person SET email = NULL WHERE email IN (SELECT referrer FROM purchase)
