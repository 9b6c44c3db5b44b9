//! What the tests of this floor share: the shop's rules and tables, and short ways to write uses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::bind::{BindInput, BoundRuleset};
use super::diagnostic::{Diagnostic, SourceFile};
use super::ruleset::Ruleset;
use crate::catalog::{Catalog, Column, ForeignKey, Relation, RelationKind};
use crate::model::access::{Access, DeclaredBy, SearchPath};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::privacy::Purpose;
use crate::model::ruling::{Decision, Fragment};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId, SiteUse, Uses, ViewLineage};

/// The tables of `rules/schema.sql`; columns as `name type`, the first is the key.
const SHOP: &[(&str, &str)] = &[
    (
        "shop.users",
        "id int8, name text, birth_date date, gender text, address text, phone varchar, \
         email text, status text, created_at timestamptz",
    ),
    ("shop.identity_docs", "user_id int8, kind text, number text, face_template bytea"),
    (
        "shop.accounts",
        "user_id int8, login varchar, last_ip inet, password_hash text, security_answer text",
    ),
    ("shop.products", "id int8, name text, price numeric"),
    ("shop.orders", "id int8, user_id int8, item text, amount numeric, placed_at timestamptz"),
    ("shop.wallets", "user_id int8, balance numeric, coupons int4"),
    ("shop.privacy_choices", "user_id int8, purpose text, choice bool, by_guardian bool"),
    ("shop.policy_seen", "user_id int8, version int4"),
    ("live.viewers", "user_id int8, nickname text, gift_spend numeric"),
    ("partner.ad_clicks", "id int8, campaign text, clicked_at timestamptz"),
];

pub fn shop_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let names = [
        "policy.yaml",
        "categories.yaml",
        "tables.yaml",
        "purposes.yaml",
        "roles.yaml",
        "rules.yaml",
        "services/live.yaml",
    ];
    let file = |name: &&str| SourceFile {
        path: format!("rules/{name}"),
        text: std::fs::read_to_string(root.join(name)).unwrap(),
    };
    names.iter().map(file).collect()
}

pub fn shop_rules() -> Ruleset {
    Ruleset::load(&shop_files()).unwrap_or_else(|found| panic!("{}", shown(&found)))
}

pub fn shown(found: &[Diagnostic]) -> String {
    found.iter().map(|d| d.render(false) + "\n").collect()
}

pub fn relation(id: u32, name: &str, columns: &str) -> Relation {
    let (schema, table) = name.split_once('.').unwrap();
    let column = |(at, text): (usize, &str)| {
        let (name, base) = text.trim().split_once(' ').unwrap();
        Column {
            number: i16::try_from(at).unwrap() + 1,
            name: Name::new(name),
            type_sql: format!("pg_catalog.{base}"),
            base_type: Name::new(base),
            type_category: match base {
                "text" | "varchar" => 'S',
                "int4" | "int8" | "numeric" => 'N',
                "date" | "timestamptz" => 'D',
                "bool" => 'B',
                "inet" => 'I',
                _ => 'U',
            },
            not_null: false,
            is_domain: false,
            generated: None,
        }
    };
    Relation {
        id: RelationId(id),
        name: QualifiedName::new(schema, table),
        kind: RelationKind::Table,
        temporary: false,
        columns: columns.split(',').enumerate().map(column).collect(),
        primary_key: vec![1],
        unique: Vec::new(),
        conflicting: Vec::new(),
        foreign_keys: Vec::<ForeignKey>::new(),
        parents: Vec::new(),
        definition: None,
    }
}

pub fn shop_relations() -> Vec<Relation> {
    (1..).zip(SHOP).map(|(id, (name, columns))| relation(id, name, columns)).collect()
}

pub fn catalog(relations: Vec<Relation>) -> Catalog {
    let schemas = ["shop", "live", "partner"].map(Name::new).to_vec();
    Catalog::new(15, 1, relations, Vec::new(), schemas)
}

pub fn bind_input() -> BindInput {
    let fragment = |text: &str| Some(Ok(Fragment::from_template(text.to_owned())));
    BindInput {
        minor: fragment("m"),
        cancelled: fragment("c"),
        locked: fragment("l"),
        ..BindInput::default()
    }
}

/// Rules bound to a database, and one client of it.
pub struct World {
    pub catalog: Catalog,
    pub bound: BoundRuleset,
    pub access: Access,
}

pub fn shop() -> World {
    world(&shop_rules(), shop_relations(), BTreeMap::new())
}

pub fn world(
    rules: &Ruleset,
    relations: Vec<Relation>,
    views: BTreeMap<RelationId, ViewLineage>,
) -> World {
    let catalog = catalog(relations);
    let (bound, _) = BoundRuleset::bind(rules, &catalog, BindInput { views, ..bind_input() });
    World { catalog, bound, access: access("nobody", "") }
}

pub fn access(role: &str, purpose: &str) -> Access {
    Access {
        role: Name::new(role),
        address: None,
        purpose: Purpose::new(purpose),
        declared: DeclaredBy::Session,
        search_path: SearchPath(Vec::new()),
        variables: Arc::new(BTreeMap::new()),
        client_encoding: Arc::from("UTF8"),
        token: Default::default(),
        types_declared: false,
    }
}

impl World {
    pub fn under(mut self, role: &str, purpose: &str) -> World {
        self.access = access(role, purpose);
        self
    }

    pub fn with(mut self, variable: &str, value: &str) -> World {
        let variables = BTreeMap::from([(variable.to_owned(), value.to_owned())]);
        self.access.variables = Arc::new(variables);
        self
    }

    pub fn from(mut self, address: &str) -> World {
        self.access.address = Some(address.parse().unwrap());
        self
    }

    pub fn statement(&self) -> Statement<'_> {
        Statement { world: self, uses: Uses::default() }
    }

    /// A statement that reads columns of one table.
    pub fn read(&self, table: &str, columns: &str) -> Statement<'_> {
        self.statement().site(table, SiteAccess::Read, columns)
    }
}

/// The uses of a statement in the making.
pub struct Statement<'w> {
    pub world: &'w World,
    pub uses: Uses,
}

impl Statement<'_> {
    fn relation(&self, table: &str) -> &Relation {
        let (schema, name) = table.split_once('.').unwrap();
        let found = self.world.catalog.by_name(&QualifiedName::new(schema, name));
        found.unwrap_or_else(|| panic!("no table {table}"))
    }

    pub fn column(&self, site: usize, name: &str) -> SiteColumn {
        let relation = self.world.catalog.relation(self.uses.sites[site].relation).unwrap();
        let found = relation.column(&Name::new(name)).unwrap_or_else(|| panic!("no {name}"));
        SiteColumn { site: SiteId(site), number: found.number }
    }

    /// One more site, reading these columns.
    pub fn site(mut self, table: &str, access: SiteAccess, read: &str) -> Self {
        let relation = self.relation(table).id;
        self.uses.sites.push(SiteUse {
            relation,
            access,
            read: Default::default(),
            written: Default::default(),
            lookup: Default::default(),
        });
        let at = self.uses.sites.len() - 1;
        for name in read.split_whitespace() {
            let number = self.column(at, name).number;
            self.uses.sites[at].read.insert(number);
        }
        self
    }

    /// The last site writes these columns.
    pub fn writes(mut self, columns: &str) -> Self {
        let at = self.uses.sites.len() - 1;
        for name in columns.split_whitespace() {
            let number = self.column(at, name).number;
            self.uses.sites[at].written.insert(number);
        }
        self
    }

    /// `column = constant` in the WHERE clause.
    pub fn pin(mut self, site: usize, name: &str) -> Self {
        let column = self.column(site, name);
        self.uses.pinned.insert(column);
        self.uses.sites[site].lookup.insert(column.number);
        self
    }

    pub fn equate(mut self, left: (usize, &str), right: (usize, &str)) -> Self {
        let pair = (self.column(left.0, left.1), self.column(right.0, right.1));
        self.uses.equated.insert(pair);
        for column in [pair.0, pair.1] {
            self.uses.sites[column.site.0].read.insert(column.number);
        }
        self
    }

    pub fn flow(mut self, from: (usize, &str), to: (usize, &str)) -> Self {
        let (from, to) = (self.column(from.0, from.1), self.column(to.0, to.1));
        self.uses.flows.insert(crate::model::usage::Flow { from, to, is_direct: true });
        self
    }

    pub fn decide(&self) -> Decision {
        let World { bound, access, catalog } = self.world;
        bound.decide(&self.uses, access, catalog)
    }

    /// The constraint field of the refusal; `-` where there is none.
    pub fn refused_by(&self) -> String {
        match self.decide().refusal {
            None => "-".to_owned(),
            Some(refusal) => refusal.constraint.unwrap_or_else(|| "?".to_owned()),
        }
    }

    /// Column → action of the first site, for the governed columns read.
    pub fn actions(&self) -> BTreeMap<String, String> {
        let decision = self.decide();
        assert!(decision.refusal.is_none(), "{:?}", decision.refusal);
        let mut all = BTreeMap::new();
        for site in &decision.sites {
            let relation = self.world.catalog.relation(site.relation).unwrap();
            for (number, ruling) in &site.columns {
                let name = relation.column_number(*number).unwrap().name.to_string();
                all.insert(name, format!("{:?}", ruling.action));
            }
        }
        all
    }
}
