//! What the server pays for asking people: the same statements plain, under row-level security,
//! over barrier views and as pgpurpose forwards them, in turn, in one run, each sent directly. The
//! figure is the CPU time of the backend process, planning included, as a multiple of the plain
//! statement's in the same round. What the proxy itself needs is measured by `scripts/bench`.
//!
//! `consent_cost PGPURPOSE RULES SERVER_PORT PEOPLE ROUNDS LABEL` prints a Markdown table a purpose.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls, SimpleQueryMessage};

/// CPU time one cell spends at least on each way in each round, in nanoseconds.
const CELL_NS: u64 = 30_000_000;
/// After this long no cell is warmed further.
const WARM_LIMIT: Duration = Duration::from_secs(5);
/// Executions of one statement in one round.
const MAX_EXECUTIONS: u64 = 300;

struct Workload {
    name: &'static str,
    /// `{}` is a number between 1 and the size of what it counts.
    text: &'static str,
    argument: Argument,
}

#[derive(Clone, Copy)]
enum Argument {
    Person,
    Order,
    Sku,
    /// First person of a range.
    Range,
    Day,
    None,
}

const WORKLOADS: &[Workload] = &[
    Workload {
        name: "point, key",
        text: "SELECT id, name, email FROM users WHERE id = {}",
        argument: Argument::Person,
    },
    Workload {
        name: "point, e-mail",
        text: "SELECT id, name, email FROM users WHERE email = 'user{}@example.com'",
        argument: Argument::Person,
    },
    Workload {
        name: "orders of one",
        text: "SELECT id, amount FROM orders WHERE user_id = {}",
        argument: Argument::Person,
    },
    Workload {
        name: "items of an order",
        text: "SELECT id, price FROM items WHERE order_id = {}",
        argument: Argument::Order,
    },
    Workload {
        name: "items of a sku",
        text: "SELECT id, price FROM items WHERE sku = 'S{}'",
        argument: Argument::Sku,
    },
    Workload {
        name: "range of 5 000",
        text: "SELECT id, name, email FROM users WHERE id >= {} AND id < {} + 5000",
        argument: Argument::Range,
    },
    Workload {
        name: "orders of a day",
        text: "SELECT id, user_id, amount FROM orders WHERE created_at >= timestamptz '2020-01-01' + \
               {} * interval '1 day' AND created_at < timestamptz '2020-01-01' + ({} + 1) * interval '1 day'",
        argument: Argument::Day,
    },
    Workload {
        name: "top 50 orders",
        text: "SELECT id, user_id, amount FROM orders ORDER BY created_at DESC LIMIT 50",
        argument: Argument::None,
    },
    Workload {
        name: "join, a month",
        text: "SELECT u.country, count(*), sum(o.amount) FROM orders o JOIN users u ON u.id = o.user_id \
               WHERE o.created_at >= timestamptz '2020-03-01' AND o.created_at < timestamptz '2020-04-01' \
               GROUP BY u.country ORDER BY u.country",
        argument: Argument::None,
    },
    Workload {
        name: "scan of users",
        text: "SELECT country, count(*), count(email) FROM users GROUP BY country ORDER BY country",
        argument: Argument::None,
    },
    Workload {
        name: "scan of orders",
        text: "SELECT count(*), sum(amount) FROM orders",
        argument: Argument::None,
    },
    Workload {
        name: "scan of items",
        text: "SELECT count(*), sum(price) FROM items",
        argument: Argument::None,
    },
];

struct Way {
    name: &'static str,
    client: Client,
    pid: i32,
}

impl Way {
    fn new(name: &'static str, port: &str, user: &str, options: &str) -> Way {
        let target = format!(
            "host=127.0.0.1 port={port} user={user} password=invented dbname=bench \
             options='{options} -c jit=off -c work_mem=64MB -c random_page_cost=1.1 \
             -c max_parallel_workers_per_gather=0'"
        );
        let mut client = Client::connect(&target, NoTls).expect("a connection");
        let pid = client.query_one("SELECT pg_backend_pid()", &[]).expect("a process").get(0);
        Way { name, client, pid }
    }

    /// CPU time of the backend so far, in nanoseconds.
    fn spent(&self) -> u64 {
        let path = format!("/proc/{}/schedstat", self.pid);
        let text = fs::read_to_string(path).expect("the kernel's accounting");
        text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
    }

    /// The rows, as text, and what one execution costs.
    fn once(&mut self, text: &str, prepared: bool) -> (Vec<String>, u64) {
        let before = self.spent();
        let mut rows = Vec::new();
        let answer = match prepared {
            true => self.client.simple_query(&format!("EXECUTE s({text})")),
            false => self.client.simple_query(text),
        };
        for message in answer.expect("an answer") {
            if let SimpleQueryMessage::Row(row) = message {
                let cells = (0..row.len()).map(|i| row.get(i).unwrap_or("NULL").to_owned());
                rows.push(cells.collect::<Vec<_>>().join("|"));
            }
        }
        rows.sort();
        (rows, self.spent() - before)
    }
}

fn argument(kind: Argument, people: u64, step: u64) -> u64 {
    let mixed = step.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17;
    let below = match kind {
        Argument::Person => people,
        Argument::Order => 5 * people,
        Argument::Sku => (2 * people / 200).max(2) - 1,
        Argument::Range => people.saturating_sub(5_000).max(1),
        Argument::Day => 990,
        Argument::None => 1,
    };
    1 + mixed % below
}

/// Stands for the argument where pgpurpose is asked what it would send.
const STAND_IN: &str = "777000777";

struct Bench {
    pgpurpose: String,
    rules: String,
    port: String,
    people: u64,
    rounds: u64,
}

impl Bench {
    /// What pgpurpose would send in place of a statement.
    fn forwarded(&self, purpose: &str, text: &str) -> String {
        let url = format!("postgres://bench:invented@127.0.0.1:{}/bench", self.port);
        let output = Command::new(&self.pgpurpose)
            .args(["explain", "--rules", &self.rules, "--role", "bench", "--purpose", purpose])
            .args(["--search-path", "shop,pg_catalog", "--upstream", &url, text])
            .output()
            .expect("pgpurpose");
        let said = String::from_utf8(output.stdout).expect("text");
        let forwarded =
            said.split_once("forwarded as:\n").unwrap_or_else(|| panic!("{text}: {said}"));
        forwarded.1.trim().to_owned()
    }

    fn purpose(&self, purpose: &str, label: &str) {
        let port = &self.port;
        let shop = "-c search_path=shop";
        let mut ways = vec![
            Way::new("plain", port, "bench", shop),
            Way::new("row-level security", port, &format!("rls_{purpose}"), shop),
            Way::new("barrier view", port, "bench", &format!("-c search_path={purpose}")),
            Way::new("pgpurpose", port, "bench", shop),
        ];
        println!("\n{} people, {purpose}, {label}:\n", self.people);
        let names: Vec<&str> = ways.iter().skip(1).map(|way| way.name).collect();
        println!(
            "| | plain, ms | {} |\n|---|---|{}",
            names.join(" | "),
            "---|".repeat(names.len())
        );
        for workload in WORKLOADS {
            for prepared in [false, true] {
                if !prepared || !matches!(workload.argument, Argument::None) {
                    self.measure(workload, &mut ways, purpose, prepared);
                }
            }
        }
    }

    fn measure(&self, workload: &Workload, ways: &mut [Way], purpose: &str, prepared: bool) {
        let kind = if workload.text.contains('@') || workload.text.contains("'S") {
            "text"
        } else {
            "bigint"
        };
        let forwarded;
        if prepared {
            let bare = workload.text.replace("'user{}@example.com'", "{}").replace("'S{}'", "{}");
            let text = bare.replace("{}", "$1");
            forwarded = self.forwarded(purpose, &text);
            let last = ways.len() - 1;
            for (at, way) in ways.iter_mut().enumerate() {
                let text = if at == last { &forwarded } else { &text };
                let script = format!("DEALLOCATE ALL; PREPARE s({kind}) AS {text}");
                way.client.batch_execute(&script).expect("prepared");
            }
        } else {
            forwarded = self.forwarded(purpose, &workload.text.replace("{}", STAND_IN));
        }
        let spelt = |way: usize, step: u64| {
            let number = argument(workload.argument, self.people, step).to_string();
            match (prepared, way == 3) {
                (false, false) => workload.text.replace("{}", &number),
                (false, true) => forwarded.replace(STAND_IN, &number),
                (true, _) if workload.text.contains('@') => format!("'user{number}@example.com'"),
                (true, _) if kind == "text" => format!("'S{number}'"),
                (true, _) => number,
            }
        };
        // Warm, and check that whoever asks the same people sees the same.
        let mut cost = vec![u64::MAX; ways.len()];
        let mut step = 1;
        let began = Instant::now();
        while step <= 6 && (step < 3 || began.elapsed() < WARM_LIMIT) {
            let mut seen = Vec::new();
            for (at, way) in ways.iter_mut().enumerate() {
                let (rows, spent) = way.once(&spelt(at, step), prepared);
                cost[at] = cost[at].min(spent);
                seen.push(rows);
            }
            for rows in &seen[2..] {
                assert!(rows == &seen[1], "{}: different rows, {}", workload.name, spelt(0, step));
            }
            step += 1;
        }
        let mut ratios: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut plain_ms = Vec::new();
        for round in 0..self.rounds {
            let mut mean = vec![0.0; ways.len()];
            for turn in 0..ways.len() {
                let at = (turn + round as usize) % ways.len();
                let executions = (CELL_NS / cost[at].max(1)).clamp(1, MAX_EXECUTIONS);
                let spent: u64 =
                    (0..executions).map(|i| ways[at].once(&spelt(at, step + i), prepared).1).sum();
                mean[at] = spent as f64 / executions as f64;
            }
            step += MAX_EXECUTIONS;
            plain_ms.push(mean[0] / 1e6);
            for (at, mine) in mean.iter().enumerate().skip(1) {
                ratios.entry(at).or_default().push(mine / mean[0]);
            }
        }
        let cells: Vec<String> =
            ratios.values_mut().map(|list| format!("{:.2}", median(list))).collect();
        let mode = if prepared { ", prepared" } else { "" };
        println!(
            "| {}{mode} | {:.3} | {} |",
            workload.name,
            median(&mut plain_ms),
            cells.join(" | ")
        );
    }
}

fn median(list: &mut [f64]) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pgpurpose, rules, port, people, rounds, label] = &arguments[..] else {
        panic!("usage: consent_cost PGPURPOSE RULES SERVER_PORT PEOPLE ROUNDS LABEL");
    };
    let (people, rounds) = (people.parse().expect("people"), rounds.parse().expect("rounds"));
    let bench = Bench {
        pgpurpose: pgpurpose.clone(),
        rules: rules.clone(),
        port: port.clone(),
        people,
        rounds,
    };
    for purpose in ["marketing", "analytics"] {
        bench.purpose(purpose, label);
    }
}
