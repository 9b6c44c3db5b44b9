//! The server's own relations: what they tell beside the proxy, and through it.

use super::{Town, failed, told};

/// Statements whose rows hold a secret beside the proxy.
const TELLING: &[&str] = &[
    "SELECT * FROM pg_stats WHERE schemaname = 'public'",
    "SELECT most_common_vals FROM pg_catalog.pg_stats WHERE tablename = 'person'",
    "SELECT s FROM pg_stats s WHERE tablename = 'person'",
    "SELECT row_to_json(s) FROM pg_stats s WHERE s.tablename = 'person'",
    "SELECT count(*), max(most_common_vals::text) FROM pg_stats WHERE attname = 'email'",
    "SELECT stavalues1 FROM pg_statistic WHERE starelid = 'person'::regclass",
    "SELECT most_common_vals FROM pg_stats_ext WHERE tablename = 'person'",
    "SELECT m.* FROM pg_statistic_ext JOIN pg_statistic_ext_data ON oid = stxoid, \
     pg_mcv_list_items(stxdmcv) m WHERE stxname = 'person_pairs'",
    "TABLE pg_stats",
    "COPY pg_statistic TO STDOUT",
    "COPY (SELECT * FROM pg_stats) TO STDOUT",
    "COPY pg_largeobject TO STDOUT",
    "SELECT data FROM pg_largeobject",
    "WITH s AS (SELECT * FROM pg_stats) SELECT * FROM s WHERE tablename = 'person'",
    "SELECT 1 FROM pg_stats WHERE tablename = 'person' AND most_common_vals::text::int = 3",
    "SELECT query FROM pg_stat_activity",
    "SELECT a FROM pg_stat_activity a",
    "SELECT pid FROM pg_stat_activity WHERE query LIKE '%SECRET%' AND query::int = 3",
    "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM pg_stats; FETCH ALL FROM c; CLOSE c",
];

#[test]
fn relations_of_the_server_tell_no_secret() {
    let lo = "SELECT lo_from_bytea(0, 'SECRET in an object')";
    let Some(town) = Town::start("telling", lo) else { return };
    // A session whose statement names somebody, as long as it is there.
    let mut other = town.client("serve");
    other.query("SELECT id FROM person WHERE email = 'SECRET@1'");
    let (mut through, mut beside) = (town.superuser(), town.beside());
    for sql in TELLING {
        let reply = told(&through.query(sql));
        // The error quotes no more than the client's own text.
        assert!(!reply.replace(sql, "").contains("SECRET"), "{sql}: {reply}");
        let control = told(&beside.query(sql));
        assert!(
            control.contains("SECRET") || control.contains("5345435245"),
            "{sql} proves nothing"
        );
    }
}

/// Statements that count rows: beside the proxy they tell 9713, the number of people.
const COUNTING: &[&str] = &[
    "SELECT reltuples FROM pg_class WHERE relname = 'person'",
    "SELECT c.reltuples::bigint FROM pg_catalog.pg_class c WHERE c.oid = 'person'::regclass",
    "SELECT * FROM pg_class WHERE relname = 'person_pkey'",
    "SELECT relname FROM pg_class WHERE reltuples = 9713",
    "SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'person'",
    "SELECT t FROM pg_stat_all_tables t WHERE relid = 'person'::regclass",
    "SELECT n_tup_ins FROM pg_stat_xact_all_tables WHERE relname = 'person'",
    "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'person'",
];

#[test]
fn nothing_counts_the_rows_of_people() {
    let Some(town) = Town::start("counting", "") else { return };
    // Both have looked at everybody once.
    let mut through = town.superuser();
    for sql in COUNTING {
        let reply = through.query(sql);
        assert_eq!(failed(&reply), None, "{sql}");
        assert!(!told(&reply).contains("9713"), "{sql}: {}", told(&reply));
    }
    let open = through.value("SELECT reltuples FROM pg_class WHERE relname = 'note'");
    assert_eq!(open.as_deref(), Some("50"), "what is nobody's is counted");
    let person = through.value("SELECT reltuples FROM pg_class WHERE relname = 'person'");
    assert_eq!(person.as_deref(), Some("-1"));
    let beside = town.beside().value("SELECT reltuples FROM pg_class WHERE relname = 'person'");
    assert_eq!(beside.as_deref(), Some("9713"), "the control");
}

/// What monitoring, drivers and psql ask: answered, not refused.
const ORDINARY: &[&str] = &[
    "SELECT pid, usename, state, wait_event FROM pg_stat_activity WHERE datname = current_database()",
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'",
    "SELECT * FROM pg_stat_activity",
    "SELECT client_addr FROM pg_stat_activity WHERE pid = pg_backend_pid()",
    "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    "SELECT * FROM pg_stat_database",
    "SELECT datname, xact_commit, numbackends FROM pg_stat_database",
    "SELECT relname, n_live_tup, last_vacuum FROM pg_stat_user_tables ORDER BY n_live_tup DESC",
    "SELECT * FROM pg_statio_user_tables",
    "SELECT * FROM pg_stat_user_indexes",
    "SELECT * FROM pg_stat_replication",
    "SELECT funcname, calls FROM pg_stat_user_functions",
    "SELECT * FROM pg_stat_subscription",
    "SELECT * FROM pg_stat_progress_vacuum",
    "SELECT * FROM pg_stat_progress_basebackup",
    "SELECT locktype, relation::regclass, mode, granted FROM pg_locks",
    "SELECT l.pid, a.state FROM pg_locks l JOIN pg_stat_activity a USING (pid)",
    "SELECT name, prepare_time FROM pg_prepared_statements",
    "SELECT * FROM pg_cursors",
    "SELECT rolname, rolsuper FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT subname FROM pg_subscription",
    "SELECT * FROM pg_user_mappings",
    "SELECT * FROM information_schema.user_mapping_options",
    "SELECT c.oid, c.relname, c.relpages, c.reltuples FROM pg_class c GROUP BY c.oid",
    "SELECT c.tableoid, c.oid, c.relname, c.reltuples FROM pg_class c",
    "SELECT n.nspname, c.relname, c.reltuples::bigint FROM pg_class c \
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' ORDER BY 1, 2",
    "SELECT schemaname, tablename, attname, null_frac FROM pg_stats",
    "EXPLAIN SELECT * FROM pg_stat_activity",
];

#[test]
fn ordinary_questions_are_answered() {
    let Some(town) = Town::start("monitoring", "") else { return };
    let (mut through, mut beside) = (town.superuser(), town.beside());
    for sql in ORDINARY {
        let reply = through.query(sql);
        assert_eq!(failed(&reply), None, "{sql}");
        // The same columns of the same types.
        let columns = |reply: &[super::Message]| {
            let row = reply.iter().find(|m| m.tag == b'T').expect("a description");
            described(&row.body)
        };
        assert_eq!(columns(&reply), columns(&beside.query(sql)), "{sql}");
    }
    let open =
        "SELECT most_common_vals FROM pg_stats WHERE tablename = 'note' AND attname = 'text'";
    assert_eq!(through.value(open), beside.value(open), "statistics of what is nobody's");
    let mine =
        "SELECT client_port IS NOT NULL, query FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    let row = through.rows(mine).remove(0);
    assert_eq!(row, [Some("t".into()), Some("<insufficient privilege>".into())]);
}

/// Name, type, length and modifier of each column of a row description.
fn described(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut columns = Vec::new();
    let mut rest = &body[2..];
    while let Some(end) = rest.iter().position(|b| *b == 0) {
        let name = String::from_utf8_lossy(&rest[..end]).into_owned();
        // The table and the number of the column are the relation's own only where it stands bare.
        columns.push((name, rest[end + 7..end + 17].to_vec()));
        rest = &rest[end + 19..];
    }
    columns
}

#[test]
fn the_catalog_is_not_written() {
    let Some(town) = Town::start("written", "") else { return };
    let mut through = town.superuser();
    for sql in [
        "UPDATE pg_settings SET setting = 'off' WHERE name = 'standard_conforming_strings'",
        "UPDATE pg_settings SET setting = (SELECT email FROM person WHERE id = 1) \
         WHERE name = 'application_name'",
        "UPDATE pg_class SET relname = 'persons' WHERE relname = 'person'",
        "UPDATE pg_class SET relname = relname WHERE relname = 'person' RETURNING reltuples",
        "DELETE FROM pg_statistic",
        "INSERT INTO pg_description VALUES (1, 1, 1, 'x')",
        "COPY pg_description FROM STDIN",
    ] {
        let error = through.error(sql);
        assert!(
            matches!(error.field(b'C').as_deref(), Some("42501")),
            "{sql}: {}",
            error.error_text()
        );
    }
}
