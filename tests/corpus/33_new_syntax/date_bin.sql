-- times in bins
SELECT date_bin('7 days', born::timestamp, '1980-01-01') FROM person ORDER BY id
