//! Default < file < environment < command line. Every mistake of every layer is reported at once.

use std::collections::BTreeMap;
use std::path::Path;

use super::address::ServerAddress;
use super::fault::{ConfigFault, Origin};
use super::file::{ConfigFile, SECTIONS};
use super::keys::{Environment, KEYS, Key, Kind, read_secret};
use super::meant::Config;

/// A key this many edits away from what was written is suggested.
const SUGGEST_WITHIN_EDITS: usize = 3;
/// A line with one of these is not printed: it may hold a login.
const HOLDS_SECRETS: [&str; 2] = ["password", "@"];
const PREFIX: &str = "PGPURPOSE_";

/// What the layers above the defaults are made of.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Path as it is to be printed, and contents.
    pub file: Option<(String, String)>,
    pub environment: BTreeMap<String, String>,
    /// `(key, text)` in the order given; the last holds.
    pub flags: Vec<(String, String)>,
}

/// Puts the layers together.
pub fn load(sources: &Sources) -> Result<Config, Vec<ConfigFault>> {
    let mut faults = Vec::new();
    let mut config = Config::default();
    let mut layers = Layers { config: &mut config, faults: &mut faults, sources };
    layers.file();
    layers.environment();
    layers.flags();
    layers.required();
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

struct Layers<'a> {
    config: &'a mut Config,
    faults: &'a mut Vec<ConfigFault>,
    sources: &'a Sources,
}

impl Layers<'_> {
    fn file(&mut self) {
        let Some((path, text)) = &self.sources.file else { return };
        let file = match ConfigFile::parse(path, text) {
            Ok(file) => file,
            Err(fault) => return self.faults.push(fault.marked_in(text)),
        };
        let directory = Path::new(path).parent().unwrap_or(Path::new(""));
        for entry in &file.entries {
            let result = match Key::find(&entry.key) {
                None => Err(unknown(&entry.key, entry.key_origin.clone())),
                Some(key) => self.set(key, &entry.text, directory, entry.text_origin.clone()),
            };
            if let Err(fault) = result {
                let may_print = Key::find(&entry.key).is_none_or(|key| key.kind != Kind::Secret)
                    && !HOLDS_SECRETS.iter().any(|word| entry.text.contains(word));
                self.faults.push(if may_print { fault.marked_in(text) } else { fault });
            }
        }
    }

    fn environment(&mut self) {
        for key in KEYS {
            let variable = key.variable();
            if let Some(text) = self.sources.environment.get(&variable) {
                let origin = Origin::Environment(variable);
                if let Err(fault) = self.set(key, text, Path::new(""), origin) {
                    self.faults.push(fault);
                }
            }
        }
        for name in self.sources.environment.keys().filter(|name| is_misspelt(name)) {
            let fault = ConfigFault::new(
                Origin::Environment(name.clone()),
                "it names no configuration key",
            );
            self.faults.push(fault.help("\"pgpurpose config --reference\" lists them all"));
        }
    }

    fn flags(&mut self) {
        for (path, text) in &self.sources.flags {
            let result = match Key::find(path) {
                None => Err(unknown(path, Origin::CommandLine)),
                Some(key) => self.set(key, text, Path::new(""), Origin::CommandLine),
            };
            if let Err(fault) = result {
                self.faults.push(fault);
            }
        }
    }

    /// What has no default must have been said.
    fn required(&mut self) {
        if self.config.upstream.database.is_empty() && self.faults.is_empty() {
            match ServerAddress::parse("", self.variables()) {
                Ok(address) => self.config.upstream = address,
                Err(_) => self.faults.push(
                    ConfigFault::new(Origin::Default, "\"upstream\" is not set")
                        .help("name the server and database: upstream: host=… dbname=…"),
                ),
            }
        }
        if self.config.catalog.user.is_empty() {
            self.faults.push(
                ConfigFault::new(Origin::Default, "\"catalog.user\" is not set")
                    .help("name the login that reads the catalog; it needs no right on any table"),
            );
        }
    }

    fn variables(&self) -> impl Fn(&str) -> Option<String> {
        |name| self.sources.environment.get(name).cloned()
    }

    fn set(
        &mut self,
        key: &Key,
        text: &str,
        directory: &Path,
        origin: Origin,
    ) -> Result<(), ConfigFault> {
        let sources = self.sources;
        let variables = |name: &str| sources.environment.get(name).cloned();
        let environment: Environment<'_> = &variables;
        let joined = |text: &str| directory.join(text).to_string_lossy().into_owned();
        let result = match (key.kind, text.strip_prefix("file:")) {
            (Kind::Secret, Some(path)) => read_secret(&joined(path))
                .and_then(|secret| (key.set)(self.config, secret.expose(), environment)),
            (Kind::Path, _) if !text.is_empty() => {
                (key.set)(self.config, &joined(text), environment)
            }
            _ => (key.set)(self.config, text, environment),
        };
        let path = key.path;
        result.map_err(|message| ConfigFault::new(origin, format!("\"{path}\": {message}")))
    }
}

/// A variable with our prefix and a section we have, but no such key. Others with the prefix are
/// left alone: Kubernetes sets `PGPURPOSE_SERVICE_HOST` and more for a service of that name.
fn is_misspelt(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    rest.contains("__") && !KEYS.iter().any(|key| key.variable() == name)
}

fn unknown(path: &str, origin: Origin) -> ConfigFault {
    let fault = ConfigFault::new(origin, format!("unknown key \"{path}\""));
    let nearest = KEYS.iter().map(|key| (strsim::levenshtein(path, key.path), key.path)).min();
    match nearest {
        Some((edits, known)) if edits <= SUGGEST_WITHIN_EDITS => {
            fault.help(format!("did you mean \"{known}\"?"))
        }
        _ => {
            let known: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
            let sections = SECTIONS.join(", ");
            fault.help(format!("known keys: {}; sections: {sections}", known.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::meant::AuditSync;
    use super::*;

    const FILE: &str = "\
upstream: host=db dbname=shop
catalog: { user: reader }
audit:
  file: log/audit.jsonl
  sync: always
";

    fn sources(text: &str) -> Sources {
        Sources { file: Some(("/etc/pgpurpose/p.yaml".into(), text.into())), ..Sources::default() }
    }

    #[test]
    fn nearer_layers_hold() {
        let mut sources = sources(FILE);
        let config = load(&sources).unwrap();
        assert_eq!(config.audit.sync, AuditSync::Always);
        assert_eq!(config.audit.file, Path::new("/etc/pgpurpose/log/audit.jsonl"));
        sources.environment.insert("PGPURPOSE_AUDIT__SYNC".into(), "grouped".into());
        sources.environment.insert("PGPURPOSE_LISTEN".into(), "0.0.0.0:1".into());
        sources.flags.push(("listen".into(), "0.0.0.0:2".into()));
        let config = load(&sources).unwrap();
        assert_eq!(config.audit.sync, AuditSync::Grouped);
        assert_eq!(config.listen, "0.0.0.0:2");
    }

    #[test]
    fn every_mistake_is_told_at_once_and_with_its_place() {
        let text = "upstrem: x\ncatalog: { user: a, poll: 5 }\naudit: { sync: never }\n";
        let faults = load(&sources(text)).unwrap_err();
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(shown[0].starts_with("/etc/pgpurpose/p.yaml:1:1: unknown key \"upstrem\""));
        assert!(shown[0].ends_with("= help: did you mean \"upstream\"?"), "{}", shown[0]);
        assert!(shown[0].contains("\n1 | upstrem: x\n  | ^"), "{}", shown[0]);
        assert!(shown[1].contains("p.yaml:2:27: \"catalog.poll\": "), "{}", shown[1]);
        assert!(shown[2].contains("p.yaml:3:16: \"audit.sync\": "), "{}", shown[2]);
        assert_eq!(shown.len(), 3);
    }

    #[test]
    fn what_has_no_default_must_be_said() {
        let faults = load(&Sources::default()).unwrap_err();
        assert_eq!(faults.len(), 2);
        let mut sources = Sources::default();
        sources.environment.insert("PGDATABASE".into(), "shop".into());
        sources.environment.insert("PGPURPOSE_CATALOG__USER".into(), "reader".into());
        assert_eq!(load(&sources).unwrap().upstream.database, "shop");
    }

    #[test]
    fn a_misspelt_variable_is_an_error_but_not_everything_with_the_prefix() {
        let mut sources = sources(FILE);
        sources.environment.insert("PGPURPOSE_PORT_6432_TCP".into(), "tcp://x".into());
        assert!(load(&sources).is_ok());
        sources.environment.insert("PGPURPOSE_AUDIT__SYNK".into(), "always".into());
        assert!(load(&sources).unwrap_err()[0].to_string().contains("PGPURPOSE_AUDIT__SYNK"));
    }

    #[test]
    fn secrets_come_from_files_and_are_not_told() {
        let directory =
            std::env::temp_dir().join(format!("pgpurpose-layers-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("pw"), "geheim\n").unwrap();
        let path = directory.join("p.yaml").to_string_lossy().into_owned();
        for line in ["password: file:pw", "password_file: pw"] {
            let text = format!("upstream: dbname=x\ncatalog:\n  user: a\n  {line}\n");
            let sources = Sources { file: Some((path.clone(), text)), ..Sources::default() };
            let config = load(&sources).unwrap();
            assert_eq!(config.catalog.password.unwrap().expose(), "geheim");
        }
        let text = "upstream: dbname=x password=geheim user=a\ncatalog: { user: b }\n";
        let sources = Sources { file: Some((path, text.into())), ..Sources::default() };
        let fault = load(&sources).unwrap_err()[0].to_string();
        assert!(fault.contains("holds a login") && !fault.contains("geheim"), "{fault}");
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
