-- the least and the greatest
SELECT min(ssn), max(notes), min(born), max(ip) FROM person
