-- the short form of SELECT *
TABLE person
