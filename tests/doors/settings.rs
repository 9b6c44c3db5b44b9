//! Settings: what the server would tell under them, who somebody is under them.

use super::{Town, failed, told};
use crate::harness::Client;

#[test]
fn the_server_is_not_made_to_talk() {
    let Some(town) = Town::start("talk", "") else { return };
    let mut client = town.client("masked");
    for sql in [
        "SET client_min_messages = debug5",
        "SET debug_print_plan = on",
        "SELECT set_config('client_min_messages', 'debug5', false)",
        "SELECT set_config('client_min_messages', v, false) FROM (VALUES ('debug5')) x (v)",
        "WITH s AS (SELECT set_config('search_path', 'pg_temp', false) AS x) SELECT x FROM s",
        "ALTER ROLE town SET client_min_messages = debug5",
        "UPDATE pg_settings SET setting = 'debug5' WHERE name = 'client_min_messages'",
    ] {
        assert!(failed(&client.query(sql)).is_some(), "{sql}");
    }
    let told_level = client.value("SELECT current_setting('client_min_messages')");
    assert_eq!(told_level.as_deref(), Some("notice"));
    for (name, value) in [
        ("client_min_messages", "debug5"),
        ("options", "-c client_min_messages=debug5"),
        ("options", "-cclient_min_messages=log"),
        ("options", "--client-min-messages=debug1"),
        ("options", "-c backslash_quote=on"),
    ] {
        let login = town.proxy.login("town", town.database).with(name, value);
        let error = Client::connect(&login).err().map(|error| error.to_string());
        let error = error.unwrap_or_else(|| panic!("{name}={value} was let in"));
        assert!(error.contains("cannot be changed through the proxy"), "{error}");
    }
}

#[test]
fn another_role_is_still_the_same_client() {
    let member = "GRANT postgres TO town";
    let Some(town) = Town::start("roles", member) else { return };
    for become_owner in [
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT set_config('role', 'postgres', false)",
        "SET LOCAL ROLE postgres",
    ] {
        let mut client = town.client("masked");
        client.query(become_owner);
        let reply = client.query("SELECT name, email FROM person WHERE id = 1");
        assert_eq!(failed(&reply), None, "{become_owner}");
        assert!(!told(&reply).contains("SECRET"), "{become_owner}: {}", told(&reply));
        // What only the owner's rules would allow is not allowed.
        client.query("SET pgpurpose.purpose = 'study'");
        let again = told(&client.query("SELECT email FROM person WHERE id = 1"));
        assert!(!again.contains("SECRET"), "{become_owner}: {again}");
    }
    town.cluster.execute(town.database, "REVOKE postgres FROM town");
}
