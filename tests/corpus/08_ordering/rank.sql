-- their rank
SELECT id, rank() OVER (ORDER BY ssn), percent_rank() OVER (ORDER BY balance) FROM person ORDER BY id
