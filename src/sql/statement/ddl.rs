//! CREATE, ALTER, DROP: what may name governed tables, and what is not done through the proxy.

use super::super::tokens::TokenRange;
use super::{Kept, Kind, Reader, refused};
use crate::catalog::settings::forbidden_setting;
use crate::model::claims::TOKEN_VARIABLE;

impl Reader<'_> {
    pub(super) fn drop(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "index" | "sequence" | "schema" | "view" | "materialized" | "type" | "domain"
            | "function" => Kind::Ddl { tag: "DROP", governed: true },
            _ => Kind::Ddl { tag: "DROP", governed: false },
        }
    }

    pub(super) fn alter(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "system" => refused("ALTER SYSTEM", "Server settings are not changed here"),
            "table" => {
                // A column that is added is closed until somebody classifies it.
                const OTHER: [&str; 10] = [
                    "alter", "rename", "attach", "detach", "inherit", "set", "owner", "drop",
                    "validate", "using",
                ];
                let level = TokenRange::new(self.range.start + 1, self.range.end);
                let adds = self.tokens.find_word(level, &["add"]).is_some();
                let other = self.tokens.find_word(level, &OTHER).is_some();
                Kind::Ddl { tag: "ALTER TABLE", governed: adds && !other }
            }
            "schema" | "database" | "domain" | "extension" => {
                refused("ALTER", "Tables could come under names that the rules do not mean")
            }
            "default" => Kind::Ddl { tag: "ALTER DEFAULT PRIVILEGES", governed: true },
            "sequence" => Kind::Ddl { tag: "ALTER SEQUENCE", governed: true },
            "server" | "foreign" | "publication" | "subscription" | "language" => {
                refused("ALTER", "Links of the server are not changed through the proxy")
            }
            "role" | "user" if self.sets_what_is_forbidden() => {
                refused("ALTER ROLE", "A session may not have this setting, nor begin with it")
            }
            _ => self
                .alter_code(self.range.start + 1)
                .unwrap_or(Kind::Ddl { tag: "ALTER", governed: false }),
        }
    }

    /// `ALTER ROLE … SET name TO …`
    fn sets_what_is_forbidden(&self) -> bool {
        let set = self.tokens.find_word(self.range, &["set"]);
        let name = set.and_then(|set| self.variable(set + 1));
        name.is_some_and(|(name, _)| {
            // A token would be kept where everybody can read it.
            name == TOKEN_VARIABLE || forbidden_setting(&name, None).is_some()
        })
    }

    pub(super) fn create(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "or" && self.word(at + 1) == "replace" {
            at += 2;
        }
        while matches!(
            self.word(at),
            "temp" | "temporary" | "local" | "global" | "unlogged" | "recursive"
        ) {
            at += 1;
        }
        match self.word(at) {
            "table" => self.create_table(at),
            "view" => self.keep("CREATE VIEW", Kept::View, at),
            "materialized" => self.keep("CREATE MATERIALIZED VIEW", Kept::MaterializedView, at),
            "index" => Kind::Ddl { tag: "CREATE INDEX", governed: true },
            "schema" => Kind::Ddl { tag: "CREATE SCHEMA", governed: false },
            "sequence" => Kind::Ddl { tag: "CREATE SEQUENCE", governed: true },
            "unique" => Kind::Ddl { tag: "CREATE INDEX", governed: false },
            "type" | "domain" | "role" | "user" | "group" | "database" | "extension"
            | "collation" | "text" | "statistics" | "tablespace" => {
                Kind::Ddl { tag: "CREATE", governed: false }
            }
            _ => self.create_code(at).unwrap_or(refused(
                "CREATE",
                "Links and languages of the server are not created through the proxy",
            )),
        }
    }

    fn create_table(&self, at: usize) -> Kind {
        let level = TokenRange::new(at, self.range.end);
        match self.tokens.find_word(level, &["as"]) {
            Some(_) => self.keep("CREATE TABLE AS", Kept::Table, at),
            None => Kind::Ddl { tag: "CREATE TABLE", governed: false },
        }
    }
}
