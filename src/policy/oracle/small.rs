//! Random small rulesets and uses.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub const LEAVES: [&str; 5] = ["a.x", "a.y", "b.x", "b.y", "b.z"];
pub const CATEGORIES: [&str; 7] = ["a", "a.x", "a.y", "b", "b.x", "b.y", "b.z"];
pub const MASKS: [&str; 5] = ["initial", "last4", "fixed", "hide", "block"];
pub const WORDS: [&str; 6] = ["allow", "mask", "mask.fixed", "aggregate", "hide", "block"];
pub const PURPOSES: [&str; 4] = ["p", "q", "q.m", "q.n"];
pub const CONSENTS: [&str; 3] = ["none", "implied", "explicit"];
pub const TABLES: [&str; 2] = ["shop.one", "live.two"];
/// Columns beside `s`, the person: numbers 2 to 5.
pub const COLUMNS: [&str; 4] = ["c1", "c2", "c3", "c4"];

#[derive(Clone, Debug)]
pub enum Label {
    Plain,
    Unlisted,
    Of(Vec<usize>),
}

#[derive(Clone, Debug)]
pub struct SmallPurpose {
    pub consent: Option<usize>,
    pub data: Vec<(usize, usize)>,
    pub write: Option<Vec<usize>>,
    pub lookup: Option<Vec<usize>>,
    pub one: Option<bool>,
    pub needs: Option<bool>,
    pub overrides: Option<bool>,
}

/// What a rule does and asks, one of the combinations that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    CancelledHide,
    MinorGuardianHide,
    CrossMask,
    CrossHide,
    Block,
    Mask,
    Log,
    Rows,
}

#[derive(Clone, Debug)]
pub struct SmallRule {
    pub kind: Kind,
    pub purpose: Option<usize>,
    pub except: Option<usize>,
    pub reads: Option<usize>,
    pub other_service: bool,
}

#[derive(Clone, Debug)]
pub struct Small {
    pub masks: Vec<usize>,
    pub labels: Vec<Vec<Label>>,
    pub subjects: Vec<bool>,
    pub purposes: Vec<SmallPurpose>,
    /// The same for data of the service `live`, if it has a policy of its own.
    pub service: Option<Vec<SmallPurpose>>,
    pub refused_mask: bool,
    pub rules: Vec<SmallRule>,
    pub role_service: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct SmallSite {
    pub table: usize,
    pub access: usize,
    pub read: Vec<usize>,
    pub written: Vec<usize>,
    pub lookup: Vec<usize>,
}

/// Columns are numbered 0 (the person) to 4.
#[derive(Clone, Debug)]
pub struct SmallUses {
    pub purpose: usize,
    pub ticket: bool,
    pub sites: Vec<SmallSite>,
    pub pinned: Vec<(usize, usize)>,
    pub equated: Vec<((usize, usize), (usize, usize))>,
    pub flows: Vec<((usize, usize), (usize, usize))>,
}

fn label() -> impl Strategy<Value = Label> {
    prop_oneof![
        1 => Just(Label::Plain),
        1 => Just(Label::Unlisted),
        14 => vec(0..CATEGORIES.len(), 1..3).prop_map(Label::Of),
    ]
}

fn purpose(often: f64) -> impl Strategy<Value = SmallPurpose> {
    let list = || option::weighted(often, vec(0..CATEGORIES.len(), 0..4));
    let flag = || option::weighted(often / 3.0, prop::bool::weighted(0.3));
    let word = || prop_oneof![5 => Just(0usize), 4 => 1..5usize, 1 => Just(5usize)];
    let broad = option::weighted(often + 0.4, (word(), word()));
    (
        option::weighted(often, 0..CONSENTS.len()),
        (broad, vec((0..CATEGORIES.len(), word()), 0..4)),
        list(),
        list(),
        (flag(), flag(), flag()),
    )
        .prop_map(|(consent, (broad, data), write, lookup, (one, needs, overrides))| {
            SmallPurpose {
                consent,
                data: broad
                    .map_or(Vec::new(), |(a, b)| vec![(0, a), (3, b)])
                    .into_iter()
                    .chain(data)
                    .collect(),
                write,
                lookup,
                one,
                needs,
                overrides,
            }
        })
}

fn rule() -> impl Strategy<Value = SmallRule> {
    let kind = prop_oneof![
        3 => Just(Kind::CancelledHide),
        3 => Just(Kind::MinorGuardianHide),
        3 => Just(Kind::CrossMask),
        3 => Just(Kind::CrossHide),
        1 => Just(Kind::Block),
        3 => Just(Kind::Mask),
        3 => Just(Kind::Log),
        3 => Just(Kind::Rows),
    ];
    let purpose = || option::of(0..PURPOSES.len());
    (kind, purpose(), purpose(), option::of(0..CATEGORIES.len()), any::<bool>()).prop_map(
        |(kind, purpose, except, reads, other_service)| {
            let whole = kind == Kind::Rows;
            let reads = reads.filter(|_| !whole);
            SmallRule { kind, purpose, except, reads, other_service: other_service && !whole }
        },
    )
}

pub fn small() -> impl Strategy<Value = Small> {
    (
        vec(0..MASKS.len(), LEAVES.len()),
        vec(vec(label(), COLUMNS.len()), TABLES.len()),
        vec(prop::bool::weighted(0.95), TABLES.len()),
        vec(purpose(0.5), PURPOSES.len()),
        option::of(vec(purpose(0.3), PURPOSES.len())),
        any::<bool>(),
        vec(rule(), 0..3),
        option::of(0..2usize),
    )
        .prop_map(|(masks, labels, subjects, purposes, service, refused_mask, rules, role)| {
            let role_service = role;
            let parts = (masks, labels, subjects, purposes);
            let (masks, labels, subjects, purposes) = parts;
            Small { masks, labels, subjects, purposes, service, refused_mask, rules, role_service }
        })
}

pub fn uses() -> impl Strategy<Value = SmallUses> {
    let columns = || vec(0..5usize, 0..4);
    let access = prop_oneof![9 => Just(0usize), 3 => 0..5usize];
    let site = (0..TABLES.len(), access, columns(), columns(), columns()).prop_map(
        |(table, access, read, written, lookup)| {
            let written = if access == 0 { Vec::new() } else { written };
            SmallSite { table, access, read, written, lookup }
        },
    );
    // The declared purpose: mostly one that may be claimed.
    let purpose = prop_oneof![8 => Just(0usize), 8 => Just(2usize), 1 => 0..6usize];
    (purpose, prop::bool::weighted(0.7), vec(site, 1..3)).prop_flat_map(
        |(purpose, ticket, sites)| {
            let column = (0..sites.len(), 0..5usize);
            (
                vec(column.clone(), 0..3),
                vec((column.clone(), column.clone()), 0..2),
                prop_oneof![2 => Just(Vec::new()), 1 => vec((column.clone(), column), 1..2)],
            )
                .prop_map(move |(pinned, equated, flows)| SmallUses {
                    purpose,
                    ticket,
                    sites: sites.clone(),
                    pinned,
                    equated,
                    flows,
                })
        },
    )
}

fn names(list: &[usize]) -> String {
    list.iter().map(|c| CATEGORIES[*c]).collect::<Vec<_>>().join(", ")
}

fn purpose_text(purpose: &SmallPurpose) -> String {
    let mut text = String::new();
    if let Some(consent) = purpose.consent {
        let _ = write!(text, "consent: {}, ", CONSENTS[consent]);
    }
    for (key, list) in [("write", &purpose.write), ("lookup", &purpose.lookup)] {
        if let Some(list) = list {
            let _ = write!(text, "{key}: [{}], ", names(list));
        }
    }
    for (key, flag) in [("only_one_person", purpose.one), ("overrides_refusal", purpose.overrides)]
    {
        if let Some(flag) = flag {
            let _ = write!(text, "{key}: {flag}, ");
        }
    }
    if let Some(needs) = purpose.needs {
        let _ = write!(text, "needs: [{}], ", if needs { "ticket" } else { "" });
    }
    let mut seen = Vec::new();
    let mut data = Vec::new();
    for (category, word) in &purpose.data {
        if !seen.contains(category) {
            seen.push(*category);
            data.push(format!("{}: {}", CATEGORIES[*category], WORDS[*word]));
        }
    }
    let _ = write!(text, "data: {{ {} }}", data.join(", "));
    text
}

fn purposes_text(all: &[SmallPurpose]) -> String {
    let [p, q, m, n] = all else { unreachable!("four purposes") };
    format!(
        "purposes:\n  p: {{ {} }}\n  q:\n    {{ {}, parts: {{ m: {{ {} }}, n: {{ {} }} }} }}\n",
        purpose_text(p),
        purpose_text(q),
        purpose_text(m),
        purpose_text(n)
    )
}

impl Small {
    /// The general rule file.
    pub fn text(&self) -> String {
        let mut text = String::from("categories:\n");
        for (leaf, mask) in LEAVES.iter().zip(&self.masks) {
            // Two groups; each leaf on a line of its own would repeat the group's key.
            if leaf.ends_with(".x") {
                let _ = writeln!(text, "  {}:", &leaf[..1]);
            }
            let _ = writeln!(text, "    {}: {}", &leaf[2..], MASKS[*mask]);
        }
        let refused = if self.refused_mask { "mask" } else { "hide_rows" };
        let _ = writeln!(text, "defaults: {{ refused: {refused} }}");
        text.push_str(
            "subjects: { table: shop.people, id: id, minor: m, cancelled: c, choices: { table: \
             shop.choices, subject: s, purpose: p, choice: c, guardian: g } }\n\
             tables:\n  shop.people: internal\n  shop.choices: internal\n",
        );
        for (at, table) in TABLES.iter().enumerate() {
            let _ = write!(text, "  {table}: {{ ");
            if self.subjects[at] {
                text.push_str("subject: s, ");
            }
            let mut plain = vec!["s"];
            for (label, column) in self.labels[at].iter().zip(COLUMNS) {
                match label {
                    Label::Plain => plain.push(column),
                    Label::Unlisted => {}
                    Label::Of(list) => {
                        let _ = write!(text, "{column}: [{}], ", names(list));
                    }
                }
            }
            let _ = writeln!(text, "plain: [{}] }}", plain.join(", "));
        }
        text.push_str(&purposes_text(&self.purposes));
        let service = self.role_service.map(|s| format!(", service: {}", ["shop", "live"][s]));
        let _ =
            writeln!(text, "roles: {{ r: {{ may: [p, q.m]{} }} }}", service.unwrap_or_default());
        text.push_str("rules:\n");
        for (at, rule) in self.rules.iter().enumerate() {
            let _ = writeln!(text, "  - {}", rule.text(at));
        }
        text
    }

    /// The file of the service, if it has one.
    pub fn service_text(&self) -> Option<String> {
        let own = self.service.as_ref()?;
        Some(format!("service: live\nschemas: [live]\n{}", purposes_text(own)))
    }
}

impl SmallRule {
    fn text(&self, at: usize) -> String {
        let mut when = Vec::new();
        if let Some(purpose) = self.purpose {
            when.push(format!("purpose: {}", PURPOSES[purpose]));
        }
        if let Some(reads) = self.reads {
            when.push(format!("reads: [{}]", CATEGORIES[reads]));
        }
        if self.other_service {
            when.push("data: other_service".to_owned());
        }
        let mut except = Vec::new();
        if let Some(purpose) = self.except {
            except.push(format!("purpose: [{}]", PURPOSES[purpose]));
        }
        let then = match self.kind {
            Kind::CancelledHide => {
                when.push("subject: cancelled".to_owned());
                "hide_rows"
            }
            Kind::MinorGuardianHide => {
                when.push("subject: minor".to_owned());
                except.push("consent: guardian".to_owned());
                "hide_rows"
            }
            Kind::CrossMask | Kind::CrossHide => {
                except.push("consent: cross_service".to_owned());
                if self.kind == Kind::CrossMask { "mask" } else { "hide_rows" }
            }
            Kind::Block => "block",
            Kind::Mask => "mask",
            Kind::Log => "log",
            Kind::Rows => {
                when.push("rows_over: 10".to_owned());
                "block"
            }
        };
        format!(
            "{{ id: r{at}, when: {{ {} }}, except: {{ {} }}, then: {then} }}",
            when.join(", "),
            except.join(", ")
        )
    }
}
