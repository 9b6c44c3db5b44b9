//! Programs that present tokens: psql and tokio-postgres.

use std::process::Command;

use serde_json::json;
use tokio_postgres::{Config, NoTls};

use super::World;
use super::harness::cluster::PASSWORD;
use super::harness::process::run;

#[test]
fn psql_presents_tokens() {
    let Some(world) = World::start("tok_psql") else { return };
    let token = world.token(json!({}));
    let psql = |options: &str, commands: &[&str]| {
        let mut command = Command::new(world.cluster.bin.join("psql"));
        command.args(["-X", "-A", "-t", "-q", "-h", "127.0.0.1", "-U", "tok_app", "-d"]);
        command.args([&world.database, "-p", &world.proxy.port.to_string()]);
        commands.iter().for_each(|text| {
            command.args(["-c", text]);
        });
        command.env("PGPASSWORD", PASSWORD).env("PGOPTIONS", options);
        run(&mut command).expect("psql")
    };
    let name = super::NAME;
    let started = format!("-c pgpurpose.purpose=tend -c pgpurpose.token={token}");
    assert_eq!(psql(&started, &[name]), "Name1\n");
    let sets = format!("SET pgpurpose.token = '{token}'");
    let purpose = "SET pgpurpose.purpose = tend";
    assert_eq!(psql("", &[name, &sets, purpose, name]), "***\nName1\n");
    let both = format!("{sets}; {purpose}; {name}");
    assert_eq!(psql("", &[&both]), "Name1\n");
}

#[test]
fn tokio_postgres_presents_tokens() {
    let Some(world) = World::start("tok_tokio") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut config = Config::new();
        config
            .host("127.0.0.1")
            .port(world.proxy.port)
            .user("tok_app")
            .password(PASSWORD)
            .dbname(&world.database)
            .options("-c pgpurpose.purpose=tend");
        let (mut client, connection) = config.connect(NoTls).await.expect("login");
        tokio::spawn(connection);
        let by_id = client.prepare("SELECT name FROM person WHERE id = $1").await;
        assert!(by_id.unwrap_err().as_db_error().unwrap().code().code() == "42501");
        // As an application that serves one person after the other does it.
        for id in 1..=3 {
            let token = world.token(json!({"subjects": [id]}));
            let transaction = client.transaction().await.unwrap();
            let sql = "SELECT set_config('pgpurpose.token', $1, true)";
            transaction.execute(sql, &[&token]).await.unwrap();
            let rows = transaction.query("SELECT name FROM person ORDER BY id", &[]).await.unwrap();
            let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
            assert_eq!(names, [format!("Name{id}")]);
            transaction.commit().await.unwrap();
            let after = client.query("SELECT name FROM person ORDER BY id", &[]).await;
            assert!(after.unwrap_err().as_db_error().unwrap().code().code() == "42501");
        }
    });
}
