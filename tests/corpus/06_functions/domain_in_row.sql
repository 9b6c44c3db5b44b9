-- by a row that has a column of such a domain
SELECT ROW(1, '078-05-1120')::typed
