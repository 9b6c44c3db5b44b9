-- an old sign
SELECT id FROM person WHERE ssn::text LIKE ANY (ARRAY['078%'::text]::text[]) ORDER BY id
