-- Readers by older snapshots: what they are told, and what tables of the application's own tell
-- the store. Replaced whole at every installation.

-- A row of a table of the application's own has changed in a way that may narrow. The argument of
-- the trigger, where it has one, names the column with the purpose.
CREATE OR REPLACE FUNCTION pgpurpose.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_LEVEL = 'STATEMENT' OR TG_NARGS = 0 THEN
    PERFORM pgpurpose.narrowed('');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM pgpurpose.narrowed(coalesce(pg_catalog.to_jsonb(OLD) ->> TG_ARGV[0], ''));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pgpurpose.narrowed(coalesce(pg_catalog.to_jsonb(NEW) ->> TG_ARGV[0], ''));
  END IF;
  RETURN NULL;
END $$;

-- Whether something has narrowed what may be used that a snapshot does not see: a transaction that
-- has committed since, or a choice that has ended by itself. Of a transaction for another purpose
-- nobody needs to know. NULL: one of the relations that conditions read is not watched, so nobody
-- knows. age: how long ago the snapshot was taken.
CREATE OR REPLACE FUNCTION pgpurpose.changed_since(snapshot pg_snapshot, age interval,
  purposes text[], relations oid[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN EXISTS (SELECT FROM pgpurpose.consent_change c
      WHERE c.xid >= pg_catalog.pg_snapshot_xmin(snapshot)
        AND NOT pg_catalog.pg_visible_in_snapshot(c.xid, snapshot)
        AND (c.purpose = '' OR c.purpose = ANY (purposes))) THEN true
    WHEN EXISTS (SELECT FROM pgpurpose.consent_forgotten f
      WHERE f.xid >= pg_catalog.pg_snapshot_xmin(snapshot)
        AND NOT pg_catalog.pg_visible_in_snapshot(f.by, snapshot)) THEN true
    WHEN EXISTS (SELECT FROM pgpurpose.choice c
      WHERE c.choice IS TRUE AND c.valid_until <= pg_catalog.clock_timestamp()
        AND c.valid_until >= pg_catalog.clock_timestamp() - age
        AND (c.purpose IS NULL OR c.purpose = ANY (purposes))) THEN true
    WHEN EXISTS (SELECT FROM pg_catalog.pg_class r
      WHERE r.oid = ANY (relations)
        AND r.relnamespace <> 'pgpurpose'::pg_catalog.regnamespace
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = r.oid AND t.tgenabled IN ('O', 'A')
            AND t.tgfoid = 'pgpurpose.note_change()'::pg_catalog.regprocedure)) THEN NULL
    ELSE false
  END;
$$;
GRANT EXECUTE ON FUNCTION pgpurpose.changed_since TO PUBLIC;

-- Puts those triggers on a table, or replaces them. given: what of a row, called "row", makes it
-- consent; NULL: every change counts. watched: only changes of these columns; NULL: of any.
CREATE OR REPLACE PROCEDURE pgpurpose.watch(relation regclass, purpose text, given text,
  watched text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  argument constant text := coalesce(pg_catalog.quote_literal(purpose), '');
  was constant text := coalesce(pg_catalog.replace(given, '{row}', 'OLD'), 'true');
  is_now constant text := coalesce(pg_catalog.replace(given, '{row}', 'NEW'), 'false');
  differs text;
BEGIN
  SELECT pg_catalog.string_agg(pg_catalog.format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', c), ' OR ')
    INTO differs FROM pg_catalog.unnest(watched) AS c;
  differs := coalesce(differs, 'OLD.* IS DISTINCT FROM NEW.*');
  IF given IS NOT NULL THEN
    EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER pgpurpose_insert AFTER INSERT ON %s
      FOR EACH ROW WHEN (NOT (%s)) EXECUTE FUNCTION pgpurpose.note_change(%s)',
      relation, is_now, argument);
  END IF;
  EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER pgpurpose_update AFTER UPDATE ON %s
    FOR EACH ROW WHEN ((%s) AND (%s OR NOT (%s))) EXECUTE FUNCTION pgpurpose.note_change(%s)',
    relation, differs, was, is_now, argument);
  EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER pgpurpose_delete AFTER DELETE ON %s
    FOR EACH ROW WHEN (%s) EXECUTE FUNCTION pgpurpose.note_change(%s)',
    relation, was, argument);
  EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER pgpurpose_truncate AFTER TRUNCATE ON %s
    FOR EACH STATEMENT EXECUTE FUNCTION pgpurpose.note_change()', relation);
END $$;

-- Forgets changes that no reader of today can have missed. Whoever reads by a snapshot older than
-- that is told that something has changed.
CREATE OR REPLACE PROCEDURE pgpurpose.tidy_changes(keep interval DEFAULT '1 day')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE last xid8;
BEGIN
  WITH gone AS (
    DELETE FROM pgpurpose.consent_change c
     WHERE c.at < pg_catalog.clock_timestamp() - keep RETURNING c.xid)
  SELECT gone.xid INTO last FROM gone ORDER BY gone.xid DESC LIMIT 1;
  IF last IS NULL THEN RETURN; END IF;
  INSERT INTO pgpurpose.consent_forgotten AS f (xid) VALUES (last)
  ON CONFLICT (single) DO UPDATE SET xid = greatest(f.xid, excluded.xid), by = excluded.by;
END $$;
