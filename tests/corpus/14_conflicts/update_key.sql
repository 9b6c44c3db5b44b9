-- whether a key is taken, by moving one
-- known: a plain key is not personal by the rules, and Hibernate and Sequelize name it in every
-- INSERT; a category on the column closes it
UPDATE purchase SET id = 16 WHERE id = 11
