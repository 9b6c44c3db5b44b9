-- a line through the hidden
SELECT regr_slope(balance, id), corr(balance, id), covar_pop(balance, id), regr_count(balance, id) FROM person
