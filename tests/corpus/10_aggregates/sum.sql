-- the sum
SELECT sum(balance), avg(balance), stddev(balance), variance(balance) FROM person
