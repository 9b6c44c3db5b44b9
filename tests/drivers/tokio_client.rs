//! tokio-postgres: binary results, pipelining, portals, copy.

use std::fmt::Write;

use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use super::{World, assert_same_text, check_masked_text};
use crate::harness::Login;
use crate::harness::cluster::PASSWORD;

#[test]
fn tokio_postgres_is_served_alike() {
    let Some(world) = World::shared() else { return };
    let [direct, proxied] =
        [world.direct(), world.proxied()].map(|login| run(&login, "work", everything));
    assert_same_text(&direct, &proxied);
}

#[test]
fn tokio_postgres_sees_masks() {
    let Some(world) = World::shared() else { return };
    check_masked_text(&run(&world.proxied(), "support", masked));
}

fn run(login: &Login, purpose: &str, session: impl AsyncFn(&mut Client) -> String) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut config = Config::new();
        config
            .host("127.0.0.1")
            .port(login.port)
            .user(&login.user)
            .password(PASSWORD)
            .dbname(&login.parameters[0].1)
            .options(format!("-c pgpurpose.purpose={purpose}"));
        let (mut client, connection) = config.connect(NoTls).await.expect("login");
        tokio::spawn(connection);
        session(&mut client).await
    })
}

async fn everything(db: &mut Client) -> String {
    let mut seen = String::new();
    for message in db.simple_query("SHOW pgpurpose.purpose; SELECT 1 AS a").await.unwrap() {
        if let SimpleQueryMessage::Row(row) = message {
            writeln!(seen, "simple {:?}", row.get(0)).unwrap();
        }
    }
    let by_id = db.prepare("SELECT id, name, ratio, active, tags FROM person WHERE id = $1").await;
    let by_id = by_id.unwrap();
    writeln!(seen, "columns {:?}", by_id.columns()).unwrap();
    let ids: Vec<i32> = (1..=20).collect();
    let at_once = ids.iter().map(|id| {
        let (db, by_id) = (&*db, &by_id);
        async move { db.query_one(by_id, &[id]).await.unwrap() }
    });
    for row in join_in_order(at_once).await {
        let tags: Option<Vec<Option<String>>> = row.get(4);
        let (name, ratio): (&str, f64) = (row.get(1), row.get(2));
        writeln!(
            seen,
            "{} {name} {ratio} {} {tags:?}",
            row.get::<_, i32>(0),
            row.get::<_, bool>(3)
        )
        .unwrap();
    }
    let transaction = db.transaction().await.unwrap();
    let portal = transaction.bind("SELECT id FROM person ORDER BY id", &[]).await.unwrap();
    for _ in 0..4 {
        let rows = transaction.query_portal(&portal, 150).await.unwrap();
        writeln!(seen, "portion {}", rows.len()).unwrap();
    }
    let error = transaction.execute("INSERT INTO person (id, name) VALUES (1, 'x')", &[]).await;
    writeln!(seen, "duplicate {:?}", error.unwrap_err().as_db_error()).unwrap();
    transaction.rollback().await.unwrap();
    seen
}

/// Requests polled together are sent in one pipeline; the replies are kept in order.
async fn join_in_order<T>(requests: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut pending: Vec<_> = requests.map(Box::pin).collect();
    let mut done: Vec<Option<T>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (request, slot) in pending.iter_mut().zip(&mut done).filter(|(_, s)| s.is_none()) {
            if let std::task::Poll::Ready(reply) = request.as_mut().poll(context) {
                *slot = Some(reply);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

async fn masked(db: &mut Client) -> String {
    let mut seen = String::new();
    let rows = db.query("SELECT name, email FROM person WHERE id <= $1", &[&3]).await.unwrap();
    let rows: Vec<[String; 2]> = rows.iter().map(|row| [row.get(0), row.get(1)]).collect();
    writeln!(seen, "rows {rows:?}").unwrap();
    let error = db.query("SELECT born FROM person WHERE id = 1", &[]).await.unwrap_err();
    writeln!(seen, "refused {:?}", error.as_db_error()).unwrap();
    let transaction = db.transaction().await.unwrap();
    let declare = "SELECT set_config('pgpurpose.purpose', $1, true)";
    transaction.execute(declare, &[&"work"]).await.unwrap();
    let name = "SELECT name FROM person WHERE id = 1";
    let inside = transaction.query_one(name, &[]).await.unwrap();
    writeln!(seen, "inside {}", inside.get::<_, &str>(0)).unwrap();
    transaction.commit().await.unwrap();
    let after = db.query_one(name, &[]).await.unwrap();
    writeln!(seen, "after {}", after.get::<_, &str>(0)).unwrap();
    seen
}
