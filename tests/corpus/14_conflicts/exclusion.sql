-- whether values exclude each other
ALTER TABLE person ADD EXCLUDE USING btree ((balance > 150) WITH =) WHERE (id IN (1, 2) AND balance < 300)
