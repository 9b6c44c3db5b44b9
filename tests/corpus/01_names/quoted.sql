-- the number, by a quoted name
SELECT s FROM (SELECT "ssn" AS s FROM "public"."person") q ORDER BY s
