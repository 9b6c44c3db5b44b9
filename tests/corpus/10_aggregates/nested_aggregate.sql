-- an aggregate around one
SELECT count(n) FROM (SELECT count(*) AS n FROM purchase GROUP BY price) x
