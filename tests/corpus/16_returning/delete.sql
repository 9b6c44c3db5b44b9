-- what is gone
DELETE FROM contact RETURNING *
