-- parts of a date
SELECT extract(month FROM born), date_part('day', born), age(timestamp '2030-01-01', born) FROM person ORDER BY id
