//! Under a purpose that hides people's rows no governed table stands bare in what is forwarded.
//!
//! Asked of the forwarded text alone: nothing here knows what the client sent.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgpurpose::judge::{Verdict, judge};
use pgpurpose::model::ruling::RelationClass;
use pgtree::corpus::statements;
use pgtree::mutate::{Dice, damaged, respelt};
use pgtree::oracle::trees;
use pgtree::worlds::{World, try_all};
use serde_json::Value;

/// Walks a tree and finds the first governed relation that stands where a client's could.
struct Search {
    governed: BTreeSet<(String, String)>,
    internal: BTreeSet<(String, String)>,
    path: Vec<String>,
    found: usize,
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or("").to_owned()
}

impl Search {
    fn new(world: &World) -> Search {
        let of = |class: RelationClass| {
            let relations = world.catalog().relations();
            let of_class = relations.filter(|r| world.snapshot.rules.class(r.id) == Some(class));
            let name = |name: &pgpurpose::model::names::QualifiedName| {
                (name.schema.as_str().to_owned(), name.name.as_str().to_owned())
            };
            of_class.map(|r| name(&r.name)).collect()
        };
        Search {
            governed: of(RelationClass::Governed),
            internal: of(RelationClass::Internal),
            path: world.access.search_path.0.iter().map(|n| n.as_str().to_owned()).collect(),
            found: 0,
        }
    }

    /// `above`: nodes from the statement down, with the field each was reached by.
    fn walk(&mut self, value: &Value, above: &mut Vec<(String, Value)>) -> Result<(), String> {
        match value {
            Value::Object(fields) => {
                if fields.contains_key("relpersistence") {
                    self.relation(value, above)?;
                }
                for (name, inner) in fields {
                    above.push((name.clone(), value.clone()));
                    self.walk(inner, above)?;
                    above.pop();
                }
                Ok(())
            }
            Value::Array(items) => items.iter().try_for_each(|inner| self.walk(inner, above)),
            _ => Ok(()),
        }
    }

    fn relation(&mut self, range: &Value, above: &[(String, Value)]) -> Result<(), String> {
        let (schema, name) = (text(range, "schemaname"), text(range, "relname"));
        let on_path = |set: &BTreeSet<(String, String)>| match schema.as_str() {
            "" => self.path.iter().any(|schema| set.contains(&(schema.clone(), name.clone()))),
            _ => set.contains(&(schema.clone(), name.clone())),
        };
        let (governed, internal) = (on_path(&self.governed), on_path(&self.internal));
        // `FOR UPDATE OF name` names no table; a name of WITH hides one.
        let locked = above.iter().any(|(field, _)| field == "locked_rels");
        let hidden = schema.is_empty() && above.iter().any(|(_, node)| defines(node, &name));
        if !(governed || internal) || locked || hidden {
            return Ok(());
        }
        self.found += 1;
        let alias = text(range.get("alias").unwrap_or(&Value::Null), "aliasname");
        let fields: Vec<&str> = above.iter().rev().map(|(field, _)| field.as_str()).collect();
        let select = above.iter().rev().find(|(field, _)| field == "from_clause");
        let alone = select.is_some_and(|(_, select)| {
            select["from_clause"].as_array().is_some_and(|from| from.len() == 1)
        });
        let filtered = select.is_some_and(|(_, select)| !select["where_clause"].is_null());
        let written = fields.first() == Some(&"relation")
            && above.last().is_some_and(|(_, node)| {
                node.get("source_clause").is_none() && node.get("options").is_none()
            });
        let replaced = fields.starts_with(&["RangeVar", "from_clause", "SelectStmt", "subquery"]);
        let asked = fields.starts_with(&["RangeVar", "from_clause", "SelectStmt", "subselect"]);
        // Joined on the person with one that was asked: no row of it comes out alone.
        let joined = governed && above.iter().any(|(field, node)| beside_a_guard(field, node));
        let filtered = filtered || joined;
        let step = alias.strip_prefix('s').is_some_and(|n| n.parse::<u8>().is_ok());
        let ok = (governed && replaced && alone && filtered && alias == "t")
            || (asked && alone && filtered && (step || ["p", "c", "v"].contains(&alias.as_str())))
            || (governed && written)
            || joined;
        if ok { Ok(()) } else { Err(format!("{schema}.{name} AS {alias} stands bare: {fields:?}")) }
    }
}

/// Whether a node is an inner join on equal columns whose other side was replaced.
fn beside_a_guard(field: &str, node: &Value) -> bool {
    let other = match field {
        "larg" => node.get("rarg"),
        "rarg" => node.get("larg"),
        _ => None,
    };
    const INNER: i64 = 1;
    let inner = node.get("jointype").and_then(Value::as_i64) == Some(INNER);
    let using = node.get("using_clause").and_then(Value::as_array).is_some_and(|u| !u.is_empty());
    let equal = node.get("quals").is_some_and(|on| on.to_string().contains("\"sval\":\"=\""));
    let guarded = other.is_some_and(|side| {
        side.to_string().contains("RangeSubselect") && side.to_string().contains("SubLink")
    });
    inner && (using || equal) && guarded
}

/// Whether a node has a WITH that defines a name.
fn defines(node: &Value, name: &str) -> bool {
    let with = node.get("with_clause").and_then(|with| with.get("ctes")).and_then(Value::as_array);
    with.into_iter().flatten().any(|with| text(&with["CommonTableExpr"], "ctename") == name)
}

/// Utility statements name tables without reading them; what they may is judged elsewhere.
fn is_data(tree: &Value) -> bool {
    const DATA: [&str; 8] = [
        "SelectStmt",
        "InsertStmt",
        "UpdateStmt",
        "DeleteStmt",
        "MergeStmt",
        "CopyStmt",
        "PrepareStmt",
        "DeclareCursorStmt",
    ];
    tree.as_object().is_some_and(|fields| fields.keys().any(|kind| DATA.contains(&kind.as_str())))
}

fn check(world: &World, text: &str) -> Result<usize, String> {
    let judgement = judge(&world.snapshot, &world.access, text);
    let Verdict::Forward(sent) = judgement.verdict else { return Ok(0) };
    let mut search = Search::new(world);
    for tree in trees(sent.text()).unwrap_or_default().iter().filter(|tree| is_data(tree)) {
        let from_client = tree["CopyStmt"]["is_from"] == Value::Bool(true);
        if !from_client {
            search.walk(tree, &mut Vec::new()).map_err(|error| {
                format!("{}: {error}\n  original: {text}\n  sent:     {}", world.name, sent.text())
            })?;
        }
    }
    Ok(search.found)
}

#[test]
fn governed_tables_stand_behind_what_was_put_in() {
    let worlds = Arc::new([
        World::shop().asked_by("ads_engine", "ads"),
        World::town().asked_by("town", "ads"),
        World::town().asked_by("town", "study"),
    ]);
    let (found, counted) = (Arc::new(AtomicUsize::new(0)), Arc::new(statements()));
    let (sum, texts) = (Arc::clone(&found), Arc::clone(&counted));
    let failures = try_all((0..counted.len()).collect(), move |index: &usize| {
        let mut dice = Dice(9 << 32 | u64::try_from(*index).unwrap_or(0));
        for round in 0..7 {
            let (text, other) = (&texts[*index], &texts[dice.below(texts.len())]);
            let text = match round {
                0 => text.clone(),
                1 | 2 => respelt(&mut dice, text),
                _ => damaged(&mut dice, text, other),
            };
            for world in worlds.iter().filter(|_| !text.contains('\0')) {
                sum.fetch_add(check(world, &text)?, Ordering::Relaxed);
            }
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert!(found.load(Ordering::Relaxed) > 1_500, "{found:?} governed relations were seen");
}

/// The control: it sees what it looks for.
#[test]
fn bare_references_are_found() {
    let world = World::shop().asked_by("ads_engine", "ads");
    let bare = |text: &str| {
        let trees = trees(text).expect("a statement");
        trees.iter().try_for_each(|tree| Search::new(&world).walk(tree, &mut Vec::new())).is_err()
    };
    for text in [
        "SELECT 1 FROM shop.users",
        "SELECT 1 FROM users",
        "SELECT 1 FROM shop.products, shop.users AS t WHERE true",
        "SELECT (SELECT 1 FROM shop.users AS t WHERE true)",
        "WITH w AS (SELECT t.id FROM shop.users AS t WHERE true) SELECT * FROM w",
        "WITH users AS (SELECT 1) SELECT 1 FROM shop.users",
        "SELECT 1 FROM (SELECT t.id AS id FROM shop.orders AS t) AS o",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t, shop.products WHERE true) AS u",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM shop.users u WHERE true)",
        "DELETE FROM shop.products USING shop.users WHERE true",
        "COPY shop.users TO STDOUT",
        "INSERT INTO shop.products TABLE shop.users",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE EXISTS (SELECT 1)) AS u LEFT JOIN shop.orders o ON o.user_id = u.id",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE EXISTS (SELECT 1)) AS u JOIN shop.orders o ON true",
        "MERGE INTO shop.products p USING shop.users u ON true WHEN MATCHED THEN DO NOTHING",
    ] {
        assert!(bare(text), "{text}");
    }
    assert!(!bare("SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE true) AS u"));
    assert!(!bare("UPDATE shop.users SET status = 'x' WHERE true"));
}
