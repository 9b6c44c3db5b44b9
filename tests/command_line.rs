//! The verbs as a process: exit codes, and what is printed where.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

fn pgpurpose(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let directory = std::env::temp_dir();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgpurpose"));
    command.args(arguments).env_clear().envs(environment.iter().copied()).current_dir(directory);
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const SHOP: [(&str, &str); 3] = [
    ("PGPURPOSE_UPSTREAM", "host=db dbname=shop"),
    ("PGPURPOSE_CATALOG__USER", "reader"),
    ("PGPURPOSE_CATALOG__PASSWORD", "geheim"),
];

#[test]
fn a_configuration_with_mistakes_is_no_answer() {
    let output = pgpurpose(&["run", "--listen", "nowhere", "--set", "audit.synk=always"], &SHOP);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("command line: \"listen\": \"nowhere\" is not an address"), "{told}");
    assert!(told.contains("unknown key \"audit.synk\"\n  = help: did you mean \"audit.sync\"?"));
    assert!(!told.contains("geheim"), "{told}");
}

#[test]
fn the_effective_configuration_hides_secrets() {
    let output = pgpurpose(&["config", "--set", "audit.sync=always"], &SHOP);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("upstream: host=db port=5432 dbname=shop\n"), "{shown}");
    assert!(shown.contains("  sync: always\n"), "{shown}");
    assert!(!shown.contains("geheim"), "{shown}");
}

#[test]
fn the_shipped_configurations_are_valid() {
    let image = concat!(env!("CARGO_MANIFEST_DIR"), "/docker/pgpurpose/pgpurpose.yaml");
    let output = pgpurpose(&["config", "--config", image], &SHOP);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/pgpurpose.yaml");
    let output = pgpurpose(&["config", "--config", example], &[]);
    let told = text(&output.stderr);
    // All that is missing is the password, which is not shipped.
    assert_eq!(told.matches("pgpurpose.yaml:").count(), 1, "{told}");
    assert!(told.contains("\"catalog.password_file\": cannot read"), "{told}");
}

#[test]
fn rules_that_are_not_there_are_no_answer() {
    let statement = ["explain", "--role", "a", "--rules", "no-such-rules", "SELECT 1"];
    let output = pgpurpose(&statement, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot read \"no-such-rules\""));
    assert_eq!(pgpurpose(&["no-such-verb"], &[]).status.code(), Some(2));
}

#[test]
fn readiness_is_an_exit_code() {
    for (answer, code) in [("HTTP/1.1 200 OK", 0), ("HTTP/1.1 503 Service Unavailable", 1)] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut request = [0; 512];
            let length = stream.read(&mut request).expect("a request");
            assert!(request[..length].starts_with(b"GET /readyz HTTP/1.1\r\n"));
            stream.write_all(format!("{answer}\r\n\r\nsaid\n").as_bytes()).expect("an answer");
        });
        let output = pgpurpose(&["ready", "--admin", &address], &[]);
        server.join().expect("the server");
        assert_eq!(output.status.code(), Some(code));
        assert_eq!(text(&output.stdout), "said\n");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one");
    assert_eq!(pgpurpose(&["ready", "--admin", &nobody.to_string()], &[]).status.code(), Some(2));
}

/// `pgpurpose explain` on the shop's own rules and tables.
fn explain(arguments: &[&str]) -> (Option<i32>, String) {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut all = vec!["explain", "--rules", rules];
    all.extend(arguments);
    let output = pgpurpose(&all, &[]);
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// Runs of spaces count as one: how wide a table is does not matter here.
fn assert_tells(told: &str, line: &str) {
    let lines: Vec<String> =
        told.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(lines.iter().any(|found| found.starts_with(line)), "no {line:?} in\n{told}");
}

#[test]
fn each_column_of_the_result_is_explained() {
    let sql = "SELECT u.birth_date, upper(o.item) AS what, u.id, 1 AS one \
               FROM shop.users u JOIN shop.orders o ON o.user_id = u.id WHERE u.address LIKE 'x%'";
    let (code, told) = explain(&["--role", "ads_engine", "--purpose", "ads", sql]);
    assert_eq!(code, Some(0), "{told}");
    for line in [
        "SELECT for \"ads\" (declared by session): mask",
        "birth_date shop.users.birth_date mask.year purposes.ads (rules/purposes.yaml:",
        "what shop.orders.item allow purposes.ads (rules/purposes.yaml:",
        "id shop.users.id plain",
        "one - -",
        "shop.users.address mask.city",
        "who are of age",
        "rules.minors (rules/rules.yaml:",
        "SELECT u.birth_date, upper(o.item) AS what, u.id, 1 AS one FROM (SELECT ",
    ] {
        assert_tells(&told, line);
    }
}

#[test]
fn a_refusal_is_explained_as_psql_would_show_it() {
    let sql = "SELECT email FROM shop.users";
    let (code, told) = explain(&["--role", "ads_engine", "--purpose", "ads", sql]);
    assert_eq!(code, Some(1), "{told}");
    assert_tells(&told, "ERROR: purpose \"ads\" may not use column shop.users.email");
    assert_tells(&told, "RULE: purposes.ads (rules/purposes.yaml:");
    assert_tells(&told, "SQLSTATE: 42501");
}

#[test]
fn variables_and_default_purposes_are_as_in_the_proxy() {
    let sql = "SELECT name FROM shop.users WHERE id = 3";
    let support = ["--role", "support", "--purpose", "protect.customer_service"];
    let (code, told) = explain(&[&support[..], &[sql]].concat());
    assert_eq!(code, Some(1), "{told}");
    let (code, told) = explain(&[&support[..], &["--var", "ticket=T-1", sql]].concat());
    assert_eq!(code, Some(0), "{told}");
    assert_tells(&told, "a result of more than 200 rows ends the connection");
    let (code, told) = explain(&["--role", "shop_app", sql]);
    assert_eq!(code, Some(0), "{told}");
    assert_tells(&told, "SELECT for \"provide\" (declared by startup): allow");
    assert_eq!(explain(&["--role", "a", "--schema", "no-such-file", sql]).0, Some(2));
}

#[test]
fn tokens_are_made_and_read() {
    let directory = std::env::temp_dir().join(format!("pgpurpose-token-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("a directory");
    let at = |name: &str| directory.join(name).to_str().expect("UTF-8").to_owned();
    let run = |arguments: &[&str]| pgpurpose(&[&["token"], arguments].concat(), &[]);
    let made = run(&["keygen", &at("issuer")]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    // A key that is there is not written over.
    assert_eq!(run(&["keygen", &at("issuer")]).status.code(), Some(2));
    let key = at("issuer.pem");
    let sign = ["sign", "--key", &key, "--role", "desk", "--purpose", "share.law"];
    let signed = run(&[&sign[..], &["--claim", "order.id=A-17", "--subject", "42"]].concat());
    assert_eq!(signed.status.code(), Some(0), "{}", text(&signed.stderr));
    std::fs::write(directory.join("token"), &signed.stdout).expect("a file");
    let verify = |audience: &str| {
        run(&["verify", "--keys", &at("issuer.jwks"), "--audience", audience, &at("token")])
    };
    let read = verify("pgpurpose");
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stdout));
    for line in ["order.id: A-17\n", "purposes: share.law\n", "role: desk\n", "subjects: 42\n"] {
        assert!(text(&read.stdout).contains(line), "{}", text(&read.stdout));
    }
    let other = verify("elsewhere");
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other.stdout).contains("made for another audience"));
    let late = run(&[&sign[..], &["--expires-in", "0"]].concat());
    std::fs::write(directory.join("token"), &late.stdout).expect("a file");
    assert_eq!(verify("pgpurpose").status.code(), Some(1));
    std::fs::remove_dir_all(&directory).expect("removed");
}
