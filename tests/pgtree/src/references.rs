//! Governed tables that stand where a client's could, found in a forwarded text alone: nothing here
//! knows what the client sent.

use std::collections::BTreeSet;

use pgpurpose::model::ruling::RelationClass;
use serde_json::Value;

use crate::oracle::trees;
use crate::worlds::World;

/// Looks for a governed table that stands bare in a text under a purpose that hides people's rows;
/// gives how many references to governed tables there are.
pub fn bare(world: &World, sent: &str) -> Result<usize, String> {
    let mut search = Search::new(world);
    for tree in trees(sent).unwrap_or_default().iter().filter(|tree| is_data(tree)) {
        let from_client = tree["CopyStmt"]["is_from"] == Value::Bool(true);
        if !from_client {
            search.walk(tree, &mut Vec::new())?;
        }
    }
    Ok(search.found)
}

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
        // A name of ours that the client uses as well is lengthened.
        let alias = alias.trim_end_matches('_').to_owned();
        let mut fields: Vec<&str> = above.iter().rev().map(|(field, _)| field.as_str()).collect();
        if fields.starts_with(&["RangeVar", "relation", "RangeTableSample"]) {
            fields.drain(1..3);
        }
        let select = above.iter().rev().find(|(field, _)| field == "from_clause");
        let alone = select.is_some_and(|(_, select)| {
            select["from_clause"].as_array().is_some_and(|from| from.len() == 1)
        });
        let filtered = select.is_some_and(|(_, select)| !select["where_clause"].is_null());
        let written = fields.first() == Some(&"relation")
            && above.last().is_some_and(|(_, node)| {
                let copies = node.get("is_from").is_some();
                let samples = node.get("repeatable").is_some();
                !copies && !samples
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
