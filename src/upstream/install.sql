-- What pgpurpose keeps in a database, version 1. Run by "pgpurpose install" in one transaction;
-- running it again changes nothing. To be run by a role that may create a schema.
--
-- pgpurpose.installed  which parts are installed, and in which version
-- pgpurpose.derived    what tables hold that were made from personal data
-- pgpurpose.label      writes it, called by the proxy in the transaction that makes a table
-- pgpurpose.tidy       forgets tables that are gone, and old changes of consent: call it daily
--
-- Anybody may read the labels, which are names of categories, and anybody may add one to a table
-- of his own: a label can only close. Nobody but the owner of the schema can take one away.

CREATE SCHEMA IF NOT EXISTS pgpurpose;
DO $$ BEGIN
  IF NOT pg_catalog.pg_has_role(current_user,
       (SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pgpurpose'), 'USAGE')
  THEN RAISE EXCEPTION 'schema pgpurpose belongs to somebody else'; END IF;
END $$;
REVOKE ALL ON SCHEMA pgpurpose FROM PUBLIC;
GRANT USAGE ON SCHEMA pgpurpose TO PUBLIC;

CREATE TABLE IF NOT EXISTS pgpurpose.installed (
  part      text PRIMARY KEY,
  version   integer NOT NULL,
  installed timestamp with time zone NOT NULL DEFAULT pg_catalog.now()
);

-- One row for each column of a derived table, and one, attnum 0, for the table itself. The type
-- regclass lets labels be dumped and restored by the names of their tables.
CREATE TABLE IF NOT EXISTS pgpurpose.derived (
  relation   regclass NOT NULL,
  attnum     smallint NOT NULL,
  categories text[]   NOT NULL,               -- empty: not personal; of attnum 0: of values that
                                              -- decided which rows there are
  direct     boolean  NOT NULL DEFAULT false, -- a column of the source, unchanged but for masks
  service    text,                            -- attnum 0: whose data it is
  subject    smallint,                        -- attnum 0: the column that leads to the person
  steps      json,                            -- attnum 0: [[schema, table, key, next], ...]
  PRIMARY KEY (relation, attnum)
);
REVOKE ALL ON pgpurpose.derived, pgpurpose.installed FROM PUBLIC;
GRANT SELECT ON pgpurpose.derived, pgpurpose.installed TO PUBLIC;

-- made: the table. before: what bore its name when the statement was judged; IF NOT EXISTS may
-- have left it as it was.
CREATE OR REPLACE PROCEDURE pgpurpose.label(made regclass, before oid, labels json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF made::oid = before THEN RETURN; END IF;
  PERFORM FROM pg_catalog.pg_class c
    WHERE c.oid = made AND pg_catalog.pg_has_role(session_user, c.relowner, 'USAGE');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'must be owner of table %', made USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO pgpurpose.derived AS d
  SELECT made, l.attnum, l.categories, l.direct, l.service, l.subject, l.steps
    FROM pg_catalog.json_to_recordset(labels) AS l (attnum smallint, categories text[],
      direct boolean, service text, subject smallint, steps json)
  ON CONFLICT (relation, attnum) DO UPDATE
    SET categories = ARRAY(SELECT DISTINCT c
          FROM pg_catalog.unnest(d.categories || excluded.categories) AS c),
        direct = d.direct AND excluded.direct,
        service = excluded.service, subject = excluded.subject, steps = excluded.steps;
END $$;
GRANT EXECUTE ON PROCEDURE pgpurpose.label(regclass, oid, json) TO PUBLIC;

CREATE OR REPLACE PROCEDURE pgpurpose.tidy()
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM pgpurpose.derived d
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.relation);
  IF pg_catalog.to_regprocedure('pgpurpose.tidy_changes(interval)') IS NOT NULL THEN
    CALL pgpurpose.tidy_changes();
  END IF;
END $$;
REVOKE ALL ON PROCEDURE pgpurpose.tidy() FROM PUBLIC;
CALL pgpurpose.tidy();

INSERT INTO pgpurpose.installed (part, version) VALUES ('labels', 1)
ON CONFLICT (part) DO UPDATE SET version = excluded.version, installed = excluded.installed
 WHERE installed.version IS DISTINCT FROM excluded.version;
