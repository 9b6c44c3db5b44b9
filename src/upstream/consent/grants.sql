-- Who may do what with the consent store: run last, with the names of roles put in.
--
-- Readers may read the two narrow views, because conditions on people run in the name of whoever
-- reads their data. Writers may call the functions. Nobody reads or writes the tables.

DO $$
DECLARE
  readers constant text[] := {readers};
  writers constant text[] := {writers};
  called constant text[] := ARRAY['grant', 'refuse', 'withdraw', 'agree', 'cancel_account',
    'reopen_account', 'lock', 'unlock', 'erased', 'notify', 'seen', 'guardian', 'guardian_ended',
    'show', 'status', 'history'];
  role text;
  function record;
BEGIN
  FOR function IN
    SELECT p.oid::pg_catalog.regprocedure AS name, p.proname = ANY (called) AS open
      FROM pg_catalog.pg_proc p
     WHERE p.pronamespace = 'pgpurpose'::pg_catalog.regnamespace
       AND p.proname NOT IN ('label', 'changed_since')
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', function.name);
    IF NOT function.open THEN CONTINUE; END IF;
    FOREACH role IN ARRAY writers LOOP
      EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %s', function.name,
        CASE role WHEN 'PUBLIC' THEN 'PUBLIC' ELSE pg_catalog.quote_ident(role) END);
    END LOOP;
  END LOOP;
  FOREACH role IN ARRAY readers LOOP
    EXECUTE pg_catalog.format('GRANT SELECT ON pgpurpose.choices, pgpurpose.people TO %s',
      CASE role WHEN 'PUBLIC' THEN 'PUBLIC' ELSE pg_catalog.quote_ident(role) END);
  END LOOP;
END $$;
