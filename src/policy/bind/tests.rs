//! What binding finds in a database, and what is refused afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::bound::{BindInput, BoundRuleset};
use crate::catalog::{ForeignKey, Relation, RelationKind};
use crate::model::names::{ColumnId, Name, RelationId};
use crate::model::refusal::Reason;
use crate::model::ruling::{Condition, RelationClass};
use crate::model::usage::ViewLineage;
use crate::policy::diagnostic::{Diagnostic, SourceFile};
use crate::policy::ruleset::Ruleset;
use crate::policy::testing::{
    World, bind_input, catalog, relation, shop, shop_relations, shop_rules, shown, world,
};

fn bind(relations: Vec<Relation>, input: BindInput) -> Vec<Diagnostic> {
    BoundRuleset::bind(&shop_rules(), &catalog(relations), input).1
}

fn rules(text: &str) -> Ruleset {
    let file = SourceFile { path: "rules/a.yaml".to_owned(), text: text.to_owned() };
    Ruleset::load(&[file]).unwrap_or_else(|found| panic!("{}", shown(&found)))
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|d| d.code).collect()
}

#[test]
fn the_shop_fits_its_rules() {
    let found = bind(shop_relations(), bind_input());
    assert!(found.is_empty(), "{}", shown(&found));
}

#[test]
fn missing_tables_and_columns() {
    let mut relations = shop_relations();
    relations.remove(3);
    let users = &mut relations[0];
    users.columns[4].name = Name::new("adress");
    let found = bind(relations, bind_input());
    assert_eq!(codes(&found), ["PP023", "PP021", "PP020"], "{}", shown(&found));
    assert_eq!(found[1].help.as_deref(), Some("did you mean `adress`?"));
    assert!(found[0].message.contains("shop.users.adress"));
}

#[test]
fn masks_must_fit_and_what_does_not_is_hidden() {
    let mut relations = shop_relations();
    relations[4].columns[3].base_type = Name::new("text");
    relations[4].columns[3].type_category = 'S';
    let found = bind(relations.clone(), bind_input());
    assert_eq!(codes(&found), ["PP022"], "{}", shown(&found));
    assert!(found[0].message.contains("`bucket`") && found[0].message.contains("amount"));
    let world = world(&shop_rules(), relations, BTreeMap::new());
    let world = world.under("fraud_team", "protect.security");
    let statement = world.read("shop.orders", "amount");
    assert_eq!(statement.actions()["amount"], "Hide");
}

#[test]
fn facts_that_cannot_be_read_close_what_needs_them() {
    let mut input = bind_input();
    input.minor = Some(Err("there is no column birthday".to_owned()));
    let found = bind(shop_relations(), input.clone());
    assert_eq!(codes(&found), ["PP024"]);
    let catalog = catalog(shop_relations());
    let (bound, _) = BoundRuleset::bind(&shop_rules(), &catalog, input);
    let world = World { catalog, bound, access: shop().access };
    let ads = world.under("ads_engine", "ads");
    assert_eq!(ads.read("shop.users", "id").decide().refusal.unwrap().reason, Reason::Rule);
    let provide = ads.under("shop_app", "provide");
    assert!(provide.read("shop.users", "id").decide().refusal.is_none());
}

#[test]
fn choices_must_be_of_the_right_types() {
    let mut relations = shop_relations();
    relations[6] = relation(
        7,
        "shop.privacy_choices",
        "user_id int8, purpose text, choice text, by_guardian bool",
    );
    let found = bind(relations, bind_input());
    assert_eq!(codes(&found), ["PP025"], "{}", shown(&found));
}

#[test]
fn a_table_nobody_listed_is_closed_and_new_columns_too() {
    let mut relations = shop_relations();
    relations.push(relation(50, "shop.notes", "id int8, body text"));
    let world = world(&shop_rules(), relations, BTreeMap::new());
    assert_eq!(world.bound.class(RelationId(50)), None);
    let world = world.under("shop_app", "provide");
    assert_eq!(world.read("shop.notes", "id").decide().refusal.unwrap().reason, Reason::Unlisted);
    let silent = world.under("shop_app", "");
    let refusal = silent.read("shop.notes", "id").decide().refusal.unwrap();
    assert_eq!(refusal.reason, Reason::NoPurpose);
    // A column that the session's transaction has added: nobody looked at it.
    let mut world = shop().under("shop_app", "provide");
    let mut users = shop_relations().remove(0);
    users.columns.push(relation(1, "a.b", "note text").columns.remove(0));
    users.columns[9].number = 10;
    world.catalog = world.catalog.with_relations(vec![users]);
    assert!(world.read("shop.users", "name").decide().refusal.is_none());
    let refusal = world.read("shop.users", "note").decide().refusal.unwrap();
    assert_eq!(refusal.reason, Reason::Unlisted);
}

#[test]
fn partitions_stand_as_their_parent_and_stricter_children_close_it() {
    let mut relations = shop_relations();
    let mut part = relation(
        60,
        "shop.orders_2026",
        "id int8, user_id int8, item text, amount numeric, placed_at timestamptz",
    );
    part.parents = vec![RelationId(5)];
    relations.push(part);
    let mut odd = relation(61, "shop.products_secret", "id int8, name text, price numeric");
    odd.parents = vec![RelationId(4)];
    odd.name = crate::model::names::QualifiedName::new("shop", "wallets");
    relations[5] = odd;
    let catalog = catalog(relations.clone());
    let (bound, found) = BoundRuleset::bind(&shop_rules(), &catalog, bind_input());
    assert_eq!(bound.class(RelationId(60)), Some(RelationClass::Governed));
    assert!(codes(&found).contains(&"PP028"), "{}", shown(&found));
    let world = World { catalog, bound, access: shop().access }.under("shop_app", "provide");
    let statement = world.read("shop.orders_2026", "amount");
    assert_eq!(statement.actions()["amount"], "Allow");
    assert!(statement.decide().sites[0].subject.is_some());
    assert!(world.read("shop.products", "name").decide().refusal.is_some());
}

#[test]
fn paths_to_a_person_follow_foreign_keys() {
    let text = "
categories: { basic: { note: fixed } }
subjects: { table: shop.users, id: id }
tables:
  shop.users: { subject: id, plain: [id], note: basic.note }
  shop.orders: { subject: user_id, plain: [id, user_id] }
  shop.items: { subject: order_id -> shop.orders, plain: [id, order_id], note: basic.note }
";
    let mut items = relation(3, "shop.items", "id int8, order_id int8, note text");
    items.foreign_keys =
        vec![ForeignKey { columns: vec![2], references: RelationId(2), referenced: vec![1] }];
    let relations = vec![
        relation(1, "shop.users", "id int8, note text"),
        relation(2, "shop.orders", "id int8, user_id int8"),
        items,
    ];
    let (bound, found) = BoundRuleset::bind(&rules(text), &catalog(relations), bind_input());
    assert!(found.is_empty(), "{}", shown(&found));
    let subject = bound.relations[&RelationId(3)].subject.clone().unwrap();
    assert_eq!(subject.column.as_str(), "order_id");
    assert_eq!(subject.steps.len(), 1);
    assert_eq!(subject.steps[0].table.to_string(), "shop.orders");
    assert_eq!((subject.steps[0].key.as_str(), subject.steps[0].next.as_str()), ("id", "user_id"));
}

/// A view over some tables of the shop: `(column, base table, base column, unchanged)`.
fn view(columns: &[(&str, u32, i16, bool)], conditions: &[(u32, i16)]) -> (Relation, ViewLineage) {
    let text: Vec<String> = columns.iter().map(|(name, ..)| format!("{name} text")).collect();
    let mut relation = relation(90, "shop.v", &text.join(", "));
    relation.kind = RelationKind::View;
    let mut lineage = ViewLineage::default();
    for (at, (_, table, number, direct)) in (1..).zip(columns) {
        let base = ColumnId { relation: RelationId(*table), number: *number };
        lineage.columns.insert(at, BTreeSet::from([base]));
        lineage.reads.insert(base.relation);
        if *direct {
            lineage.direct.insert(at, base);
        }
    }
    for (table, number) in conditions {
        let base = ColumnId { relation: RelationId(*table), number: *number };
        lineage.conditions.insert(base);
        lineage.reads.insert(base.relation);
    }
    (relation, lineage)
}

fn with_view((relation, lineage): (Relation, ViewLineage)) -> World {
    let mut relations = shop_relations();
    relations.push(relation);
    world(&shop_rules(), relations, BTreeMap::from([(RelationId(90), lineage)]))
}

#[test]
fn views_carry_what_their_tables_hold() {
    let world = with_view(view(&[("id", 1, 1, true), ("mail", 1, 7, true)], &[]));
    let world = world.under("ads_engine", "ads");
    assert_eq!(world.read("shop.v", "mail").decide().refusal.unwrap().reason, Reason::Column);
    let decision = world.read("shop.v", "id").decide();
    assert!(decision.refusal.is_none());
    let subject = decision.sites[0].subject.as_ref().unwrap();
    assert_eq!((subject.column.as_str(), subject.is_people), ("id", false));
    assert!(decision.sites[0].row_conditions.contains(&Condition::NotCancelled));
    // Over plain tables it is plain.
    let world = with_view(view(&[("n", 4, 2, true)], &[]));
    assert_eq!(world.bound.class(RelationId(90)), Some(RelationClass::Plain));
    // Over what is kept for the proxy it is kept for the proxy.
    let world = with_view(view(&[("n", 4, 2, true), ("c", 7, 3, true)], &[]));
    assert_eq!(world.bound.class(RelationId(90)), Some(RelationClass::Internal));
}

#[test]
fn views_that_hide_whose_rows_they_have_are_refused() {
    let refused = |view: (Relation, ViewLineage), column: &str| {
        let world = with_view(view).under("shop_app", "provide");
        world.read("shop.v", column).decide().refusal.map(|refusal| refusal.reason)
    };
    // The person is not there, and cancelled accounts must not be.
    assert_eq!(refused(view(&[("n", 1, 2, true)], &[]), "n"), Some(Reason::Rule));
    // The person is, but the column mixes rows.
    let mixed = view(&[("id", 1, 1, true), ("n", 1, 2, false)], &[]);
    assert_eq!(refused(mixed.clone(), "n"), Some(Reason::Column));
    assert_eq!(refused(mixed, "id"), None);
    // The table is read twice: a row may speak of two people.
    let mut twice = view(&[("id", 1, 1, true), ("n", 1, 2, true)], &[]);
    twice.1.repeated.insert(RelationId(1));
    assert_eq!(refused(twice, "n"), Some(Reason::Rule));
    // Its own filter looks at what not everyone shows.
    let filtered = view(&[("id", 1, 1, true)], &[(1, 5)]);
    assert_eq!(refused(filtered, "id"), Some(Reason::Column));
    let mut opaque = view(&[("id", 1, 1, true)], &[]);
    opaque.1.opaque = Some("it calls a function".to_owned());
    assert_eq!(refused(opaque, "id"), Some(Reason::Unlisted));
    // Backups ask nothing of people, so nothing is told.
    let world = with_view(view(&[("n", 1, 2, false)], &[(1, 5)]));
    let world = world.under("backup_job", "protect.backup").from("10.0.9.1");
    assert!(world.read("shop.v", "n").decide().refusal.is_none());
}

#[test]
fn temporary_views_are_no_way_round() {
    let (mut relation, lineage) = view(&[("id", 1, 1, true), ("mail", 1, 7, true)], &[]);
    relation.temporary = true;
    let world = with_view((relation.clone(), lineage)).under("ads_engine", "ads");
    assert!(world.read("shop.v", "mail").decide().refusal.is_some());
    // One that only the session knows.
    let mut world = shop().under("ads_engine", "ads");
    world.catalog = world.catalog.with_relations(vec![relation]);
    assert!(world.read("shop.v", "mail").decide().refusal.is_some());
}
