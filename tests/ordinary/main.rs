//! What ordinary programs send is not refused, and where everything is allowed it answers as
//! without the proxy.
//!
//! `clients/` holds what was sent by real programs, in order and with its parameters. Each program
//! speaks to two servers of equal contents, one of them behind the proxy, under three policies.
//! What is refused all the same, or answered otherwise, stands in `exceptions.txt`
//! with its reason; nothing else may be, and nothing in it may pass.

mod benchmarks;
mod corpus;
#[path = "../harness/mod.rs"]
mod harness;
mod regress;
mod replay;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use corpus::Program;
use harness::Cluster;
use replay::{Outcome, Servers};

/// The rules of a policy, and whether answers must be those of the server.
struct Policy {
    name: &'static str,
    rules: &'static str,
    open: bool,
}

const POLICIES: [Policy; 3] = [
    Policy {
        name: "nothing_governed",
        rules: include_str!("policies/nothing_governed.yaml"),
        open: true,
    },
    Policy { name: "all_allowed", rules: include_str!("policies/all_allowed.yaml"), open: true },
    Policy { name: "masked", rules: include_str!("policies/masked.yaml"), open: false },
];

/// Of a hundred distinct statements, at most this many are refused under an open policy.
const MOST_REFUSED_PERCENT: f64 = 1.0;

#[test]
fn what_programs_send_passes() {
    // Two servers that nobody else speaks to: what both make gets the same ids.
    let [Some(direct), Some(behind)] = [Cluster::another(), Cluster::another()] else { return };
    let servers = Servers { direct: &direct, behind: &behind };
    let programs =
        corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ordinary/clients"));
    let only = std::env::var("PGPURPOSE_ORDINARY").ok();
    let programs: Vec<Program> = programs
        .into_iter()
        .filter(|p| only.as_ref().is_none_or(|o| o.contains(&p.name)))
        .collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    for policy in &POLICIES {
        let mut sums = Shares::default();
        for program in &programs {
            let outcomes = replay::run(&servers, program, policy.rules, policy.open);
            let shares = Shares::of(&outcomes);
            println!("{:17} {:12} {shares}", policy.name, program.name);
            sums.add(&shares);
            for (text, outcome) in &outcomes {
                let line = format!("{}: {}", program.name, corpus::shortened(text));
                match outcome {
                    Outcome::Same | Outcome::Alike => {}
                    Outcome::Refused(why) => {
                        println!("    {line}\n        refused: {why}");
                        found.insert(format!("refused {} {line}", policy.name));
                    }
                    Outcome::Different(how) => {
                        println!("    {line}\n{how}");
                        found.insert(format!("different {} {line}", policy.name));
                    }
                }
            }
        }
        println!("{:17} {:12} {sums}", policy.name, "all");
        if policy.open && only.is_none() && sums.percent() > MOST_REFUSED_PERCENT {
            wrong.push(format!("{}: {:.2} % refused", policy.name, sums.percent()));
        }
    }
    let expected = expected(&programs);
    wrong.extend(found.difference(&expected).cloned());
    wrong.extend(expected.difference(&found).map(|line| format!("no longer {line}")));
    assert!(wrong.is_empty(), "{} surprises:\n\n{}", wrong.len(), wrong.join("\n"));
}

/// The lines of `exceptions.txt` about these programs.
fn expected(programs: &[Program]) -> BTreeSet<String> {
    let lines = include_str!("exceptions.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let of_these = |line: &&str| {
        let name = line.split([' ', ':']).nth(2);
        programs.iter().any(|program| name == Some(&program.name))
    };
    lines.filter(of_these).map(str::to_owned).collect()
}

/// How many distinct statements came through.
#[derive(Default)]
struct Shares {
    all: usize,
    refused: usize,
    alike: usize,
}

impl Shares {
    fn of(outcomes: &BTreeMap<String, Outcome>) -> Shares {
        let count = |wanted: fn(&Outcome) -> bool| outcomes.values().filter(|o| wanted(o)).count();
        Shares {
            all: outcomes.len(),
            refused: count(|o| matches!(o, Outcome::Refused(_))),
            alike: count(|o| matches!(o, Outcome::Alike)),
        }
    }

    fn add(&mut self, other: &Shares) {
        self.all += other.all;
        self.refused += other.refused;
        self.alike += other.alike;
    }

    #[allow(clippy::cast_precision_loss, reason = "thousands")]
    fn percent(&self) -> f64 {
        100.0 * self.refused as f64 / self.all.max(1) as f64
    }
}

impl std::fmt::Display for Shares {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Shares { all, refused, alike } = self;
        write!(f, "{all:5} statements, {refused:3} refused ({:.2} %), ", self.percent())?;
        write!(f, "{alike} with the server's clocks and counters in the answer")
    }
}
