-- everything gone, and how much that was
DELETE FROM contact
