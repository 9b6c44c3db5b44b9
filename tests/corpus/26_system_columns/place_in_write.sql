-- a write to a place
UPDATE purchase SET item = item WHERE ctid = '(0,6)'
