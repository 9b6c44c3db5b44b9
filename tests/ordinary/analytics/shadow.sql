-- What the masked policy leaves: nobody who said no, and no names.
DELETE FROM line WHERE customer_id IN (SELECT customer_id FROM choices WHERE NOT agreed);
DELETE FROM purchase WHERE customer_id IN (SELECT customer_id FROM choices WHERE NOT agreed);
DELETE FROM customer WHERE id IN (SELECT customer_id FROM choices WHERE NOT agreed);
UPDATE customer SET name = '***';
ANALYZE;
