-- what is deleted at a place
DELETE FROM contact WHERE ctid = '(0,3)' AND tableoid = 'contact_old'::regclass
