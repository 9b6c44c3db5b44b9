//! Real clients cannot tell the proxy from the server where everything is allowed, and see what
//! their purpose may see where it is not.
//!
//! Each client holds the same session directly and through the proxy; what it prints is compared
//! as text. The second session, with a purpose that sees masks, must print the same rows
//! whatever the client.

#[path = "../harness/mod.rs"]
mod harness;
mod pgbench;
mod tokio_client;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use harness::cluster::{PASSWORD, skip};
use harness::{Cluster, Login, Proxy};

const USER: &str = "relay_user";
const PLANT: &str = include_str!("../relay/plant.sql");
const POLICY: &str = include_str!("policy.yaml");

/// A database for each way to it, alike in everything.
struct World {
    cluster: &'static Cluster,
    proxy: Proxy,
}

impl World {
    fn shared() -> Option<&'static World> {
        static WORLD: OnceLock<Option<World>> = OnceLock::new();
        WORLD.get_or_init(World::start).as_ref()
    }

    fn start() -> Option<World> {
        let cluster = Cluster::shared()?;
        cluster.create_role(USER);
        cluster.create_database("shop_plant", "template0");
        cluster.execute("shop_plant", PLANT);
        cluster.create_database("shop", "shop_plant");
        let proxy = Proxy::start(cluster, "shop", &[("policy.yaml", POLICY)]);
        Some(World { cluster, proxy })
    }

    fn direct(&self) -> Login {
        self.cluster.login(USER, "shop")
    }

    fn proxied(&self) -> Login {
        self.proxy.login(USER, "shop")
    }
}

/// One session of a client: a command without the place to connect to.
struct Session {
    program: PathBuf,
    arguments: Vec<String>,
    input: Option<&'static str>,
}

impl Session {
    fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Session {
        let arguments = arguments.iter().map(|a| (*a).to_owned()).collect();
        Session { program: program.into(), arguments, input: None }
    }

    /// What the client prints, errors included.
    fn run(&self, login: &Login, purpose: &str) -> String {
        let input = self.input.map_or_else(Stdio::null, |text| {
            let path = std::env::temp_dir().join(format!("pgpurpose-input-{}", std::process::id()));
            std::fs::write(&path, text).expect("input");
            let file = std::fs::File::open(&path).expect("input").into();
            std::fs::remove_file(&path).expect("input");
            file
        });
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", login.port.to_string())
            .env("PGUSER", &login.user)
            .env("PGPASSWORD", PASSWORD)
            .env("PGDATABASE", &login.parameters[0].1)
            .env("PGSSLMODE", "disable")
            .env("PGOPTIONS", format!("-c pgpurpose.purpose={purpose}"))
            .env("PSQLRC", "/dev/null")
            .env("PSQL_EDITOR", "cat")
            .env("PURPOSE", purpose)
            .env("NODE_HOME", drivers().join("node"))
            .stdin(input)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program.display()));
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "{} {:?}\n{text}", self.program.display(), self.arguments);
        text
    }
}

/// Where `scripts/test` puts the drivers.
fn drivers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/drivers")
}

fn script(name: &str) -> String {
    format!("{}/tests/drivers/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// `None`, said aloud, where a driver is not installed.
fn installed(driver: &str, needed: &[PathBuf]) -> Option<()> {
    if std::env::var_os("PGPURPOSE_TEST_SKIP_DRIVERS").is_some() {
        return None;
    }
    if let Some(missing) = needed.iter().find(|path| !path.exists()) {
        skip(&format!("{driver}: no {} (scripts/test installs it)", missing.display()));
        return None;
    }
    Some(())
}

/// The session without and with the proxy must print the same.
fn compare(session: &Session) {
    let Some(world) = World::shared() else { return };
    let direct = session.run(&world.direct(), "work");
    let proxied = session.run(&world.proxied(), "work");
    assert_same_text(&lasting(&direct), &lasting(&proxied));
}

/// The text without the random key that newer versions of pg_dump put into every script.
fn lasting(text: &str) -> String {
    let random = |line: &&str| line.starts_with("\\restrict") || line.starts_with("\\unrestrict");
    text.lines().filter(|line| !random(line)).collect::<Vec<_>>().join("\n")
}

fn assert_same_text(direct: &str, proxied: &str) {
    for (number, (one, other)) in direct.lines().zip(proxied.lines()).enumerate() {
        assert_eq!(one, other, "line {} differs (directly, proxied)", number + 1);
    }
    let [one, other] = [direct, proxied].map(|text| text.lines().count());
    assert_eq!(one, other, "number of lines\n{direct}\n---- proxied\n{proxied}");
}

/// The session of a purpose that sees masks: what is printed, whatever the client's notation.
fn check_masked(session: &Session) {
    let Some(world) = World::shared() else { return };
    check_masked_text(&session.run(&world.proxied(), "support"));
}

fn check_masked_text(text: &str) {
    let line = |title: &str| {
        let found = text.lines().find(|line| line.starts_with(title));
        found.unwrap_or_else(|| panic!("no line \"{title}\" in\n{text}"))
    };
    for masked in ["P. 1.", "p***@example.org"] {
        assert!(line("rows").contains(masked), "{masked} in {text}");
    }
    assert!(!line("rows").contains("Person"), "a name in clear: {text}");
    for word in ["42501", "public", "person", "born"] {
        assert!(line("refused").contains(word), "{word} in {text}");
    }
    assert!(line("inside").contains("Person 1"), "the purpose of the transaction: {text}");
    assert!(!line("after").contains("Person"), "the purpose after the transaction: {text}");
}

fn python(name: &str, session: &str) -> Option<Session> {
    let python = drivers().join("python/bin/python");
    installed(name, &[drivers().join("python/requirements.txt"), python.clone()])?;
    Some(Session::new(python, &[&script(name), session]))
}

fn node(session: &str) -> Option<Session> {
    installed("node-postgres", &[drivers().join("node/node_modules/pg")])?;
    Some(Session::new("node", &[&script("node_client.js"), session]))
}

fn jdbc(session: &str) -> Option<Session> {
    let jar = "/usr/share/java/postgresql.jar";
    installed("JDBC", &[jar.into()])?;
    Some(Session::new("java", &["-cp", jar, &script("JdbcClient.java"), session]))
}

fn libpq_program(name: &str, arguments: &[&str]) -> Option<Session> {
    Some(Session::new(Cluster::shared()?.bin.join(name), arguments))
}

macro_rules! client {
    ($(#[$open:meta])* $everything:ident, $masked:ident, $session:expr) => {
        #[test]
        $(#[$open])*
        fn $everything() {
            let session: fn(&str) -> Option<Session> = $session;
            session("everything").iter().for_each(compare);
        }
        #[test]
        fn $masked() {
            let session: fn(&str) -> Option<Session> = $session;
            session("masked").iter().for_each(check_masked);
        }
    };
}

client!(psycopg_is_served_alike, psycopg_sees_masks, |s| python("psycopg_client.py", s));
client!(asyncpg_is_served_alike, asyncpg_sees_masks, |s| python("asyncpg_client.py", s));
client!(sqlalchemy_is_served_alike, sqlalchemy_sees_masks, |s| python("sqlalchemy_client.py", s));
/// What an object-relational mapper has read as a mask, it cannot save over the value.
#[test]
fn sqlalchemy_saves_no_mask() {
    let Some(world) = World::shared() else { return };
    let Some(session) = python("sqlalchemy_client.py", "saves") else { return };
    let text = session.run(&world.proxied(), "edit");
    for part in ["read: ('P. 1.'", "refused: ('42501', 'person', 'name'", "plain: 'P. 1.'"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let login = world.cluster.superuser("shop");
    let row = harness::Client::connect(&login)
        .expect("login")
        .rows("SELECT name, email LIKE '%***%' FROM person WHERE id = 1");
    assert_eq!(row[0][0].as_deref(), Some("Person 1"), "{text}");
    assert_eq!(row[0][1].as_deref(), Some("f"), "{text}");
}

client!(node_postgres_is_served_alike, node_postgres_sees_masks, node);
client!(jdbc_is_served_alike, jdbc_sees_masks, jdbc);

#[test]
fn psql_is_served_alike() {
    let Some(mut session) = libpq_program("psql", &["-Xa", "-f", &script("session.psql")]) else {
        return;
    };
    session.input = Some("9001,1,Köln\n9002,2,\"a, b\"\n");
    compare(&session);
}

#[test]
fn psql_sees_masks() {
    let text = "SELECT 'rows', id, name, email FROM person WHERE id <= 3 ORDER BY id";
    let inside = "BEGIN; SET LOCAL pgpurpose.purpose = 'work';
                  SELECT 'inside', name FROM person WHERE id = 1; COMMIT";
    let after = "SELECT 'after', name FROM person WHERE id = 1";
    let refused = r"\set VERBOSITY verbose
                    SELECT born FROM person WHERE id = 1;
                    \echo refused :LAST_ERROR_SQLSTATE public person born";
    let Some(mut session) = libpq_program("psql", &["-XAt", "-c", text, "-c", inside]) else {
        return;
    };
    session.arguments.extend(["-c", after, "-f", "-"].map(str::to_owned));
    session.input = Some(refused);
    check_masked(&session);
}

#[test]
fn pg_dump_writes_the_same_file() {
    let tables = ["--table=person", "--table=visit", "--table=recent"];
    for how in ["--schema-only", "--data-only", "--inserts"] {
        let mut arguments = tables.to_vec();
        arguments.push(how);
        libpq_program("pg_dump", &arguments).iter().for_each(compare);
    }
    libpq_program("pg_dump", &[]).iter().for_each(compare);
}
