-- where a guess would stand
SELECT rank('2') WITHIN GROUP (ORDER BY ssn), cume_dist(150) WITHIN GROUP (ORDER BY balance) FROM person
