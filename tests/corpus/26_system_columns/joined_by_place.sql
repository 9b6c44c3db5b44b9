-- joined by places
SELECT count(*) FROM purchase a JOIN purchase b ON a.ctid < b.ctid
