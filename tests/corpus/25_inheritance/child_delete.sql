-- a write to a child
DELETE FROM contact_old WHERE value = '12345'
