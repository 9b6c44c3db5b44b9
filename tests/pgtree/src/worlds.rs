//! Rules and tables to judge under, and who asks.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use pgpurpose::catalog::Catalog;
use pgpurpose::judge::{Judgement, Verdict, judge};
use pgpurpose::model::access::{Access, SearchPath};
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::parse::STACK_BYTES;
use pgpurpose::sql::schema::parse_schema;

/// The directory of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a directory with one of some endings, in order.
pub fn files(directory: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Somebody who asks under some rules.
#[derive(Clone)]
pub struct World {
    pub name: String,
    pub snapshot: Arc<Snapshot>,
    pub access: Access,
}

impl World {
    pub fn new(name: &str, rules: Vec<SourceFile>, schema: &str) -> Result<World, String> {
        let told = |found: Vec<pgpurpose::policy::Diagnostic>| {
            let errors = found.iter().filter(|d| d.is_error()).map(|d| d.render(false));
            errors.collect::<Vec<_>>().join("\n")
        };
        let ruleset = Ruleset::load(&rules).map_err(told)?;
        let catalog = parse_schema(schema)?;
        // A mask that does not fit its column hides it: the world stands all the same.
        let (snapshot, _) = Snapshot::build(Arc::new(ruleset), Arc::new(catalog));
        let world = World {
            name: name.to_owned(),
            snapshot: Arc::new(snapshot),
            access: access("nobody", ""),
        };
        Ok(world)
    }

    pub fn catalog(&self) -> &Catalog {
        &self.snapshot.catalog
    }

    pub fn asked_by(&self, role: &str, purpose: &str) -> World {
        let name = format!("{} as {role} for {purpose:?}", self.name);
        World { name, snapshot: Arc::clone(&self.snapshot), access: access(role, purpose) }
    }

    /// The shop of `rules/`.
    pub fn shop() -> World {
        let rules = project().join("rules");
        let sources = files(&rules, &["yaml"])
            .into_iter()
            .filter(|path| !path.starts_with(rules.join("tests")))
            .map(|path| SourceFile {
                path: path.display().to_string(),
                text: fs::read_to_string(&path).expect("a rule file"),
            });
        let schema = fs::read_to_string(rules.join("schema.sql")).expect("the schema");
        World::new("shop", sources.collect(), &schema).expect("the shop")
    }

    /// The shop, and nobody has looked at a table yet.
    pub fn nothing_governed() -> World {
        let schema = fs::read_to_string(project().join("rules/schema.sql")).expect("the schema");
        let text = "pgpurpose: 1\n\
            policy: { name: Nothing governed, version: 1 }\n\
            defaults: { unlisted: { table: allow, function: allow } }\n\
            purposes: { work: { consent: none, data: {} } }\n\
            roles: { worker: { may: [work], default: work } }\n";
        let rules = vec![SourceFile { path: "rules.yaml".into(), text: text.into() }];
        let world = World::new("nothing governed", rules, &schema).expect("a world");
        world.asked_by("worker", "work")
    }

    /// The town of `tests/people`.
    pub fn town() -> World {
        let people = project().join("tests/people");
        let read = |name: &str| fs::read_to_string(people.join(name)).expect("a file");
        let rules = vec![SourceFile { path: "policy.yaml".into(), text: read("policy.yaml") }];
        World::new("town", rules, &read("schema.sql")).expect("the town")
    }

    /// Everybody who asks in the tests.
    pub fn all() -> Vec<World> {
        let (shop, town) = (World::shop(), World::town());
        let mut worlds = vec![World::nothing_governed()];
        for (role, purpose) in [
            ("shop_app", "provide"),
            ("shop_app", "personalize"),
            ("ads_engine", "ads"),
            ("support", "protect.customer_service"),
            ("shop_app", ""),
        ] {
            worlds.push(shop.asked_by(role, purpose));
        }
        for purpose in ["serve", "ads", "study", "masked"] {
            worlds.push(town.asked_by("town", purpose));
        }
        worlds
    }
}

fn access(role: &str, purpose: &str) -> Access {
    Access {
        address: "10.0.9.1".parse().ok(),
        search_path: SearchPath(["pg_catalog", "public", "shop"].map(Name::new).to_vec()),
        variables: Arc::new([("ticket".to_owned(), "T-1".to_owned())].into()),
        ..Access::new(Name::new(role), Purpose::new(purpose))
    }
}

/// Runs a body on a thread with the stack that judging is promised.
pub fn on_judging_stack<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(body);
    thread.expect("a thread").join().expect("judging never panics")
}

/// Judges a text; `None` where it is refused. The second part: something was put in.
pub fn forwarded(world: &World, text: &str) -> Option<(String, bool)> {
    let Judgement { verdict, statements } = judge(&world.snapshot, &world.access, text);
    match verdict {
        Verdict::Forward(sent) => {
            Some((sent.text().to_owned(), statements.iter().any(|s| s.record.is_some())))
        }
        Verdict::Refuse(_) => None,
    }
}

/// Tries every item on as many threads as there are cores; gives what went wrong, in order.
pub fn try_all<T: Send + Sync + 'static>(
    items: Vec<T>,
    test: impl Fn(&T) -> Result<(), String> + Send + Sync + 'static,
) -> Vec<String> {
    let (items, test) = (Arc::new(items), Arc::new(test));
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (send, receive) = mpsc::channel();
    let mut threads = Vec::new();
    for part in 0..cores {
        let (items, test, send) = (Arc::clone(&items), Arc::clone(&test), send.clone());
        let body = move || {
            for (index, item) in items.iter().enumerate().filter(|(i, _)| i % cores == part) {
                if let Err(error) = test(item) {
                    send.send((index, error)).expect("somebody listens");
                }
            }
        };
        let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
        threads.push(builder.spawn(body).expect("a thread"));
    }
    drop(send);
    let mut failures: Vec<(usize, String)> = receive.into_iter().collect();
    for thread in threads {
        thread.join().expect("no test panics");
    }
    failures.sort();
    failures.into_iter().map(|(_, error)| error).collect()
}
