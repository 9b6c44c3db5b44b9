-- whether a key is taken, by the error
-- known: a plain key is not personal by the rules, and Hibernate and Sequelize name it in every
-- INSERT; a category on the column closes it
INSERT INTO person (id, name) VALUES (6, 'x')
