//! The real decision equals the naive one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::naive::{self, Naive, NaiveSite};
use super::small::{PURPOSES, Small, SmallUses, small, uses};
use crate::model::privacy::Consent;
use crate::model::ruling::{Action, Condition, Decision, Mask};
use crate::model::usage::{Flow, SiteAccess, SiteColumn, SiteId, SiteUse, Uses};
use crate::policy::bind::BoundRuleset;
use crate::policy::diagnostic::SourceFile;
use crate::policy::ruleset::Ruleset;
use crate::policy::testing::{access, bind_input, catalog, relation, shown};

fn real(small: &Small, asked: &SmallUses, turned: bool) -> Decision {
    let mut files = vec![SourceFile { path: "rules/z.yaml".to_owned(), text: small.text() }];
    if let Some(text) = small.service_text() {
        files.push(SourceFile { path: "rules/services/a.yaml".to_owned(), text });
    }
    if turned {
        files.reverse();
    }
    let rules =
        Ruleset::load(&files).unwrap_or_else(|found| panic!("{}\n{}", shown(&found), small.text()));
    let columns = "s int8, c1 text, c2 text, c3 text, c4 text";
    let catalog = catalog(vec![
        relation(1, "shop.one", columns),
        relation(2, "live.two", columns),
        relation(3, "shop.people", "id int8"),
        relation(4, "shop.choices", "s int8, p text, c bool, g bool"),
    ]);
    let (bound, found) = BoundRuleset::bind(&rules, &catalog, bind_input());
    assert!(!found.iter().any(|d| d.is_error()), "{}", shown(&found));
    let declared = PURPOSES.get(asked.purpose).copied().unwrap_or(["zz", ""][asked.purpose % 2]);
    let mut access = access("r", declared);
    if asked.ticket {
        access.variables = Arc::new(BTreeMap::from([("ticket".to_owned(), "T".to_owned())]));
    }
    bound.decide(&written_out(asked), &access, &catalog)
}

fn written_out(asked: &SmallUses) -> Uses {
    let numbers = |list: &[usize]| -> BTreeSet<i16> {
        list.iter().map(|column| i16::try_from(*column).unwrap() + 1).collect()
    };
    let column = |(site, column): (usize, usize)| SiteColumn {
        site: SiteId(site),
        number: i16::try_from(column).unwrap() + 1,
    };
    let accesses = [
        SiteAccess::Read,
        SiteAccess::Insert,
        SiteAccess::Update,
        SiteAccess::Delete,
        SiteAccess::Merge,
    ];
    let sites = asked.sites.iter().map(|site| SiteUse {
        relation: crate::model::names::RelationId(u32::try_from(site.table).unwrap() + 1),
        access: accesses[site.access],
        read: numbers(&site.read),
        written: numbers(&site.written),
        lookup: numbers(&site.lookup),
    });
    Uses {
        sites: sites.collect(),
        pinned: asked.pinned.iter().map(|c| column(*c)).collect(),
        equated: asked.equated.iter().map(|(l, r)| (column(*l), column(*r))).collect(),
        follows: BTreeSet::new(),
        flows: asked
            .flows
            .iter()
            .map(|(f, t)| Flow { from: column(*f), to: column(*t), is_direct: true })
            .collect(),
        outputs: Vec::new(),
        ..Uses::default()
    }
}

fn told(decision: &Decision) -> Naive {
    if decision.refusal.is_some() {
        return Naive::Refused;
    }
    let sites = decision.sites.iter().map(|site| NaiveSite {
        columns: site
            .columns
            .iter()
            .map(|(number, ruling)| {
                let column = usize::try_from(*number).unwrap() - 1;
                let conditions = ruling.conditions.iter().map(condition).collect();
                (column, action(ruling.action), conditions, ruling.lookup)
            })
            .collect(),
        rows: site.row_conditions.iter().map(condition).collect(),
    });
    Naive::Sites {
        sites: sites.collect(),
        log: decision.log,
        rows_over: decision.max_rows == Some(10),
    }
}

fn action(action: Action) -> String {
    match action {
        Action::Allow => "allow",
        Action::Mask(Mask::Initial) => "initial",
        Action::Mask(Mask::Last4) => "last4",
        Action::Mask(Mask::Fixed) => "fixed",
        Action::Hide => "hide",
        Action::Block => "block",
        other => panic!("{other:?} was not written"),
    }
    .to_owned()
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::NotCancelled => "not cancelled",
        Condition::NotLocked => "not locked",
        Condition::Any(_) => "adult or guardian",
        Condition::Consent(asked) if asked.purposes == ["cross_service"] => "cross",
        Condition::Consent(asked) if asked.kind == Consent::Explicit => "explicit",
        Condition::Consent(_) => "implied",
        other => panic!("{other:?} was not written"),
    }
    .to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, ..ProptestConfig::default() })]

    #[test]
    fn the_decision_is_the_one_the_page_tells(small in small(), asked in uses()) {
        let decision = real(&small, &asked, false);
        prop_assert_eq!(decision.sites.len(), asked.sites.len());
        prop_assert_eq!(told(&decision), naive::decide(&small, &asked), "{}", small.text());
        let turned = real(&small, &asked, true);
        prop_assert_eq!(format!("{turned:?}"), format!("{decision:?}"));
    }
}

/// Random rulesets in one run.
const CASES: u32 = 250;
