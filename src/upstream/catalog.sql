-- One row, one column: the names of this database as one JSON text.
-- Every function, operator and cast is qualified and no backslash is used, so that the text means
-- the same under any search_path and standard_conforming_strings. While view definitions and
-- expressions are printed, search_path is empty, so that they come out qualified; "was" sets it
-- for this transaction, the outermost select sets it back. $scope$ is replaced by the caller.
WITH was AS MATERIALIZED (
  SELECT pg_catalog.current_setting('search_path') AS path,
         pg_catalog.set_config('search_path', '', true) AS now
), ns AS MATERIALIZED (
  SELECT n.oid, n.nspname,
         n.nspname OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog', 'information_schema']
           ::pg_catalog.name[]) AS built_in
    FROM pg_catalog.pg_namespace n
   WHERE NOT pg_catalog.pg_is_other_temp_schema(n.oid)
), ext AS MATERIALIZED (
  SELECT d.classid, d.objid, e.extname
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
   WHERE d.refclassid OPERATOR(pg_catalog.=)
         'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid
     AND d.deptype OPERATOR(pg_catalog.=) 'e'::pg_catalog."char"
), rel AS MATERIALIZED (
  SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relpersistence,
         c.relkind OPERATOR(pg_catalog.=) ANY ('{v,m}'::pg_catalog."char"[])
           AND NOT n.built_in AS has_definition
    FROM pg_catalog.pg_class c
    JOIN ns n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
   WHERE $scope$
), col AS MATERIALIZED (
  SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attgenerated
    FROM pg_catalog.pg_attribute a
    JOIN rel r ON r.oid OPERATOR(pg_catalog.=) a.attrelid
   WHERE a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2
     AND NOT a.attisdropped
     AND r.relkind OPERATOR(pg_catalog.<>) ALL ('{i,I,t}'::pg_catalog."char"[])
), cols AS MATERIALIZED (
  SELECT a.attrelid,
         pg_catalog.array_agg(a.attnum) AS numbers,
         pg_catalog.array_agg(a.attname) AS names,
         pg_catalog.array_agg(a.atttypid::pg_catalog.int8) AS types,
         pg_catalog.array_agg(a.atttypmod) AS modifiers,
         pg_catalog.array_agg(a.attnotnull) AS not_null
    FROM col a GROUP BY a.attrelid
), mods AS (
  SELECT m.type, m.modifier,
         CASE WHEN n.built_in
              THEN pg_catalog.substring(pg_catalog.format_type(m.type, m.modifier), '[(].*[)]')
              ELSE pg_catalog.substr(pg_catalog.format_type(m.type, m.modifier),
                     pg_catalog.length(pg_catalog.format_type(m.type, -1))
                       OPERATOR(pg_catalog.+) 1)
         END AS text
    FROM (SELECT COALESCE(e.oid, u.type) AS type, u.modifier
            FROM (SELECT a.atttypid AS type, a.atttypmod AS modifier FROM col a
                   WHERE a.atttypmod OPERATOR(pg_catalog.>=) 0
                  UNION
                  SELECT t.typbasetype, t.typtypmod FROM pg_catalog.pg_type t
                   WHERE t.typtypmod OPERATOR(pg_catalog.>=) 0) u
            LEFT JOIN pg_catalog.pg_type e ON e.typarray OPERATOR(pg_catalog.=) u.type
           GROUP BY 1, 2) m
    JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) m.type
    JOIN ns n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
), doc AS MATERIALIZED (
  SELECT pg_catalog.json_build_object(
    'version', pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
    'schemas', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        n.oid::pg_catalog.int8, n.nspname)) FROM ns n),
    'types', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        t.oid::pg_catalog.int8, t.typnamespace::pg_catalog.int8, t.typname, t.typtype,
        t.typcategory, COALESCE(e.oid, 0::pg_catalog.oid)::pg_catalog.int8,
        t.typbasetype::pg_catalog.int8, t.typtypmod, x.extname))
      FROM pg_catalog.pg_type t
      JOIN ns n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
      LEFT JOIN pg_catalog.pg_type e ON e.typarray OPERATOR(pg_catalog.=) t.oid
      LEFT JOIN ext x ON x.objid OPERATOR(pg_catalog.=) t.oid AND x.classid OPERATOR(pg_catalog.=)
        'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
     -- Row types and their arrays only where a column, or a domain, is of them.
     WHERE (t.typrelid OPERATOR(pg_catalog.=) 0::pg_catalog.oid
            AND COALESCE(e.typrelid OPERATOR(pg_catalog.=) 0::pg_catalog.oid, true))
        OR t.oid OPERATOR(pg_catalog.=) ANY (SELECT a.atttypid FROM col a)
        OR t.typarray OPERATOR(pg_catalog.=) ANY (SELECT a.atttypid FROM col a)
        OR t.oid OPERATOR(pg_catalog.=) ANY (SELECT d.typbasetype FROM pg_catalog.pg_type d)
        OR t.typarray OPERATOR(pg_catalog.=) ANY (SELECT d.typbasetype FROM pg_catalog.pg_type d)),
    'modifiers', (SELECT pg_catalog.json_agg(
        pg_catalog.json_build_array(m.type::pg_catalog.int8, m.modifier, m.text)) FROM mods m),
    'relations', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        r.oid::pg_catalog.int8, r.relnamespace::pg_catalog.int8, r.relname, r.relkind,
        r.relpersistence,
        CASE WHEN r.has_definition AND was.now OPERATOR(pg_catalog.=) ''
             THEN pg_catalog.pg_get_viewdef(r.oid) END,
        c.numbers, c.names, c.types, c.modifiers, c.not_null))
      FROM was CROSS JOIN rel r
      LEFT JOIN cols c ON c.attrelid OPERATOR(pg_catalog.=) r.oid),
    'generated', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        a.attrelid::pg_catalog.int8, a.attnum, CASE WHEN was.now OPERATOR(pg_catalog.=) ''
          THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END))
      FROM was CROSS JOIN col a
      JOIN pg_catalog.pg_attrdef d ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid
        AND d.adnum OPERATOR(pg_catalog.=) a.attnum
     WHERE a.attgenerated OPERATOR(pg_catalog.<>) ''::pg_catalog."char"),
    'defaults', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        a.attrelid::pg_catalog.int8, a.attnum, CASE WHEN was.now OPERATOR(pg_catalog.=) ''
          THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END))
      FROM was CROSS JOIN col a
      JOIN pg_catalog.pg_attrdef d ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid
        AND d.adnum OPERATOR(pg_catalog.=) a.attnum
     WHERE a.attgenerated OPERATOR(pg_catalog.=) ''::pg_catalog."char"),
    'triggers', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        t.tgrelid::pg_catalog.int8, p.pronamespace::pg_catalog.int8, p.proname, t.tgtype,
        CASE WHEN t.tgqual IS NOT NULL AND was.now OPERATOR(pg_catalog.=) ''
             THEN pg_catalog.pg_get_triggerdef(t.oid) END))
      FROM was CROSS JOIN pg_catalog.pg_trigger t
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) t.tgrelid
      JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) t.tgfoid
     WHERE t.tgenabled OPERATOR(pg_catalog.<>) 'D'::pg_catalog."char" AND NOT t.tgisinternal),
    'rules', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        w.ev_class::pg_catalog.int8, w.rulename, w.ev_type,
        CASE WHEN was.now OPERATOR(pg_catalog.=) '' THEN pg_catalog.pg_get_ruledef(w.oid) END))
      FROM was CROSS JOIN pg_catalog.pg_rewrite w
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) w.ev_class
     WHERE w.ev_type OPERATOR(pg_catalog.<>) '1'::pg_catalog."char"
       AND w.ev_enabled OPERATOR(pg_catalog.<>) 'D'::pg_catalog."char"
       AND w.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid),
    -- Relation, domain, expression: what every value written goes through.
    'checks', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        k.relation::pg_catalog.int8, k.domain::pg_catalog.int8,
        CASE WHEN was.now OPERATOR(pg_catalog.=) ''
             THEN pg_catalog.pg_get_expr(k.expression, k.relation) END))
      FROM was CROSS JOIN (
        SELECT c.conrelid AS relation, c.contypid AS domain, c.conbin AS expression
          FROM pg_catalog.pg_constraint c
         WHERE c.contype OPERATOR(pg_catalog.=) 'c'::pg_catalog."char"
        UNION ALL
        SELECT i.indrelid, 0::pg_catalog.oid, i.indexprs FROM pg_catalog.pg_index i
        UNION ALL
        SELECT i.indrelid, 0::pg_catalog.oid, i.indpred FROM pg_catalog.pg_index i) k
      LEFT JOIN rel r ON r.oid OPERATOR(pg_catalog.=) k.relation
     WHERE k.expression IS NOT NULL
       AND (r.oid IS NOT NULL OR k.domain OPERATOR(pg_catalog.<>) 0::pg_catalog.oid)),
    'keys', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        i.indrelid::pg_catalog.int8, i.indisprimary, i.indnkeyatts,
        i.indkey::pg_catalog.int2[]))
      FROM pg_catalog.pg_index i
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) i.indrelid
     WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
       AND (i.indisprimary OR i.indimmediate)
       AND r.relkind OPERATOR(pg_catalog.<>) 't'::pg_catalog."char"),
    'conflicting', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(k.relation, k.number))
      FROM (SELECT i.indrelid::pg_catalog.int8 AS relation, u.number::pg_catalog.int4
              FROM pg_catalog.pg_index i JOIN rel r ON r.oid OPERATOR(pg_catalog.=) i.indrelid
             CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) AS u (number)
             WHERE (i.indisunique OR i.indisexclusion)
               AND u.number OPERATOR(pg_catalog.>) 0::pg_catalog.int2
               AND r.relkind OPERATOR(pg_catalog.<>) 't'::pg_catalog."char"
            UNION
            -- What expressions and predicates are made of.
            SELECT i.indrelid::pg_catalog.int8, d.refobjsubid
              FROM pg_catalog.pg_index i JOIN rel r ON r.oid OPERATOR(pg_catalog.=) i.indrelid
              JOIN pg_catalog.pg_depend d ON d.objid OPERATOR(pg_catalog.=) i.indexrelid
               AND d.classid OPERATOR(pg_catalog.=)
                   'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
               AND d.refclassid OPERATOR(pg_catalog.=) d.classid
               AND d.refobjid OPERATOR(pg_catalog.=) i.indrelid
             WHERE (i.indisunique OR i.indisexclusion)
               AND d.refobjsubid OPERATOR(pg_catalog.>) 0) k),
    'foreign_keys', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        k.conrelid::pg_catalog.int8, k.conkey, k.confrelid::pg_catalog.int8,
        k.confkey))
      FROM pg_catalog.pg_constraint k
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) k.conrelid
     WHERE k.contype OPERATOR(pg_catalog.=) 'f'::pg_catalog."char"),
    'cascades', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        k.confrelid::pg_catalog.int8, k.conrelid::pg_catalog.int8, k.confdeltype, k.confupdtype))
      FROM pg_catalog.pg_constraint k
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) k.conrelid
     WHERE k.contype OPERATOR(pg_catalog.=) 'f'::pg_catalog."char"),
    'parents', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        i.inhrelid::pg_catalog.int8, i.inhparent::pg_catalog.int8, i.inhseqno))
      FROM pg_catalog.pg_inherits i
      JOIN rel r ON r.oid OPERATOR(pg_catalog.=) i.inhrelid
     WHERE r.relkind OPERATOR(pg_catalog.<>) ALL ('{i,I}'::pg_catalog."char"[])),
    'functions', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        p.pronamespace::pg_catalog.int8, p.proname, l.lanname, p.provolatile, x.extname,
        CASE WHEN l.lanname OPERATOR(pg_catalog.=) ANY ('{sql,plpgsql}'::pg_catalog.name[])
               AND x.extname IS NULL
               AND was.now OPERATOR(pg_catalog.=) ''
             THEN pg_catalog.json_build_array(
               COALESCE(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc),
               CASE WHEN p.proargmodes IS NULL THEN p.proargnames
                    ELSE ARRAY(SELECT COALESCE(m.name, ''::pg_catalog.text) FROM ROWS FROM
                      (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes))
                      AS m(name, mode)
                     WHERE m.mode OPERATOR(pg_catalog.=) ANY ('{i,b,v}'::pg_catalog."char"[]))
               END,
               pg_catalog.pg_get_expr(p.proargdefaults, 0::pg_catalog.oid), p.proconfig) END,
        (SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_array(
            s.pronamespace::pg_catalog.int8, s.proname)), '[]'::pg_catalog.json)
           FROM pg_catalog.pg_aggregate g
           JOIN pg_catalog.pg_proc s ON s.oid OPERATOR(pg_catalog.=) ANY (ARRAY[
             g.aggtransfn::pg_catalog.oid, g.aggfinalfn::pg_catalog.oid,
             g.aggcombinefn::pg_catalog.oid, g.aggserialfn::pg_catalog.oid,
             g.aggdeserialfn::pg_catalog.oid, g.aggmtransfn::pg_catalog.oid,
             g.aggminvtransfn::pg_catalog.oid, g.aggmfinalfn::pg_catalog.oid])
          WHERE g.aggfnoid::pg_catalog.oid OPERATOR(pg_catalog.=) p.oid
            AND p.prokind OPERATOR(pg_catalog.=) 'a'::pg_catalog."char"
         HAVING p.prokind OPERATOR(pg_catalog.=) 'a'::pg_catalog."char")))
      FROM was CROSS JOIN pg_catalog.pg_proc p
      JOIN ns n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
      LEFT JOIN ext x ON x.objid OPERATOR(pg_catalog.=) p.oid AND x.classid OPERATOR(pg_catalog.=)
        'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
     WHERE NOT n.built_in OR p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid),
    'operators', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        o.oprnamespace::pg_catalog.int8, o.oprname, l.lanname, p.provolatile, x.extname,
        pg_catalog.json_build_array(p.pronamespace::pg_catalog.int8, p.proname)))
      FROM pg_catalog.pg_operator o
      JOIN ns n ON n.oid OPERATOR(pg_catalog.=) o.oprnamespace
      JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) o.oprcode
      JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
      LEFT JOIN ext x ON x.objid OPERATOR(pg_catalog.=) o.oid AND x.classid OPERATOR(pg_catalog.=)
        'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid
     WHERE NOT n.built_in OR o.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid),
    'casts', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        k.castsource::pg_catalog.int8, k.casttarget::pg_catalog.int8, x.extname,
        pg_catalog.json_build_array(p.pronamespace::pg_catalog.int8, p.proname)))
      FROM pg_catalog.pg_cast k
      JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) k.castfunc
      LEFT JOIN ext x ON x.objid OPERATOR(pg_catalog.=) k.oid AND x.classid OPERATOR(pg_catalog.=)
        'pg_catalog.pg_cast'::pg_catalog.regclass::pg_catalog.oid
     WHERE k.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
       AND k.castfunc OPERATOR(pg_catalog.<>) 0::pg_catalog.oid),
    -- The table may not be there, so it is read by a text of its own, which brings its answer as
    -- digits: nothing in it can be mistaken for a tag.
    'labels', CASE WHEN pg_catalog.to_regclass('pgpurpose.derived') IS NOT NULL
      THEN pg_catalog.convert_from(pg_catalog.decode(pg_catalog.substring(
        pg_catalog.query_to_xml('
          SELECT pg_catalog.encode(pg_catalog.convert_to(COALESCE(pg_catalog.json_agg(
            pg_catalog.json_build_array(d.relation::pg_catalog.oid::pg_catalog.int8, d.attnum,
              d.categories, d.direct, d.service, d.subject, d.steps))::pg_catalog.text, ''[]''),
            pg_catalog.getdatabaseencoding()::pg_catalog.name), ''hex'') AS l
          FROM pgpurpose.derived d', false, true, '')::pg_catalog.text,
        '<l>([0-9a-f]*)</l>'), 'hex'), pg_catalog.getdatabaseencoding()::pg_catalog.name
        )::pg_catalog.json END
  )::pg_catalog.text AS body
)
-- The condition names both sides, so that it is asked only when the text is there.
SELECT doc.body FROM was CROSS JOIN doc
 WHERE CASE WHEN doc.body IS NOT NULL
            THEN pg_catalog.set_config('search_path', was.path, true) END IS NOT NULL
