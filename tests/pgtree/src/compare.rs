//! Two trees of PostgreSQL's grammar, equal but for what may be put in.
//!
//! A relation may gain the schema it was resolved to. In place of a restricted relation may stand
//! a closed query over that relation alone under the same name; around it may change what a
//! derived table asks for: a schema before its name falls away, its whole row is given the row type
//! of the relation, a condition moves into it, a key takes its columns along in GROUP BY. In a write, a reference may become a guarded expression
//! of the same column and the WHERE gains a guard. Nothing else differs.

use serde_json::{Map, Value, json};

use crate::blocks;
use crate::oracle::trees;
use crate::ours::{all, closed, condition, names, qualified, stands_for, text};
use crate::worlds::World;

/// What was found to differ.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// PostgreSQL reads neither text.
    pub unreadable: bool,
    pub qualified: usize,
    /// Names of the sites where something stands in place of a relation.
    pub replaced: Vec<String>,
    /// References and conditions of writes.
    pub guarded: usize,
    /// Conditions of the client's that are gone, and those asked inside of what was put in.
    moved: Vec<Value>,
    carried: Vec<Value>,
    /// Names that lost their schema.
    unqualified: Vec<String>,
    /// Whole rows that were given the type of their relation, and the relations replaced.
    typed: Vec<(String, Vec<String>)>,
    relations: Vec<(String, Vec<String>)>,
    grouped: Vec<String>,
}

impl Found {
    pub fn is_restricted(&self) -> bool {
        self.guarded > 0 || !self.replaced.is_empty()
    }

    /// What changed around the replaced relations must be owed to them.
    fn check(&self) -> Result<(), String> {
        if let Some(lost) = self.moved.iter().find(|moved| !self.carried.contains(moved)) {
            return Err(format!("a condition is lost: {}", short(lost)));
        }
        if let Some((row, _)) = self.typed.iter().find(|typed| !self.relations.contains(typed)) {
            return Err(format!("row {row} was given another type"));
        }
        let owed = |name: &&String| !self.replaced.contains(name);
        match self.unqualified.iter().chain(&self.grouped).find(owed) {
            Some(name) => Err(format!("{name} was changed and nothing stands in its place")),
            None => Ok(()),
        }
    }
}

/// Compares what was sent with the original. `strict`: nothing may have been put in.
pub fn compare(world: &World, original: &str, sent: &str, strict: bool) -> Result<Found, String> {
    let told = |error: String| format!("{error}\n  original: {original}\n  sent:     {sent}");
    let (theirs, ours) = match (trees(original), trees(sent)) {
        (Ok(theirs), Ok(ours)) => (theirs, ours),
        (Err(_), Err(_)) => return Ok(Found { unreadable: true, ..Found::default() }),
        (Err(error), Ok(_)) => return Err(told(format!("only what is sent can be read: {error}"))),
        (Ok(_), Err(error)) => return Err(told(format!("what is sent cannot be read: {error}"))),
    };
    compare_trees(world, &theirs, &ours, strict).map_err(told)
}

/// The same for statements that were read already.
pub fn compare_trees(
    world: &World,
    theirs: &[Value],
    ours: &[Value],
    strict: bool,
) -> Result<Found, String> {
    if theirs.len() != ours.len() {
        return Err(format!("{} statements became {}", theirs.len(), ours.len()));
    }
    let calls = theirs.iter().flat_map(|tree| all(tree, "FuncCall")).map(condition).collect();
    let found = Found::default();
    let mut walk = Walk { world, strict, calls, expressions: Vec::new(), writes: 0, found };
    for (theirs, ours) in theirs.iter().zip(ours) {
        walk.value(theirs, ours)?;
    }
    walk.found.check()?;
    Ok(walk.found)
}

struct Walk<'w> {
    world: &'w World,
    strict: bool,
    /// What the client calls.
    calls: Vec<Value>,
    /// Names of WITH in scope.
    expressions: Vec<String>,
    /// Depth of writes around.
    writes: usize,
    found: Found,
}

type Fields = Map<String, Value>;
type Outcome = Result<(), String>;

/// The type and fields of a node.
fn node(value: &Value) -> Option<(&str, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let (kind, inner) = fields.iter().next()?;
    kind.starts_with(char::is_uppercase).then_some((kind.as_str(), inner))
}

/// The parts of a conjunction; none of a condition that is not there.
fn conjuncts(condition: &Value) -> Vec<Value> {
    match node(condition) {
        Some(("BoolExpr", both)) if both["boolop"] == json!(1) => {
            both["args"].as_array().cloned().unwrap_or_default()
        }
        Some(_) => vec![condition.clone()],
        None => Vec::new(),
    }
}

fn is_write(kind: &str) -> bool {
    matches!(kind, "InsertStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt")
}

impl Walk<'_> {
    fn value(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        match (node(theirs), node(ours)) {
            (Some((kind, theirs)), Some((other, ours))) if kind == other => {
                self.writes += usize::from(is_write(kind));
                let outcome = self.same_kind(kind, theirs, ours);
                self.writes -= usize::from(is_write(kind));
                outcome
            }
            (Some(_), Some(_)) => self.other_kind(theirs, ours),
            _ => self.plain("", theirs, ours),
        }
        .map_err(|error| match node(theirs) {
            Some((kind, _)) if !error.contains('\n') && error.len() < 400 => {
                format!("{kind}: {error}")
            }
            _ => error,
        })
    }

    fn plain(&mut self, kind: &str, theirs: &Value, ours: &Value) -> Outcome {
        match (theirs, ours) {
            (Value::Object(theirs), Value::Object(ours)) => self.fields(kind, theirs, ours),
            (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
                theirs.iter().zip(ours).try_for_each(|(theirs, ours)| self.value(theirs, ours))
            }
            _ if theirs == ours => Ok(()),
            _ => Err(format!("{} became {}", short(theirs), short(ours))),
        }
    }

    fn same_kind(&mut self, kind: &str, theirs: &Value, ours: &Value) -> Outcome {
        match kind {
            "RangeVar" => self.relation(theirs, ours, true),
            "ColumnRef" => self.column(theirs, ours),
            "CopyStmt" if ours.get("query").is_some_and(|query| !query.is_null()) => {
                self.copy(theirs, ours)
            }
            "DoStmt" => match (blocks::body(theirs), blocks::body(ours)) {
                (Some(one), Some(other)) => {
                    blocks::compare(one, other)?;
                    self.plain(kind, &blocks::without_body(theirs), &blocks::without_body(ours))
                }
                _ => self.plain(kind, theirs, ours),
            },
            "ResTarget" if self.put_in(theirs, ours).is_some() => {
                self.value(&theirs["val"], &ours["val"])
            }
            _ => self.plain(kind, theirs, ours),
        }
    }

    /// A bare item that is guarded, or a row that is given its type, keeps its name.
    fn put_in(&self, theirs: &Value, ours: &Value) -> Option<()> {
        let (mine, (kind, column)) = (text(ours, "name"), node(theirs.get("val")?)?);
        let guarded = node(ours.get("val")?)?.0 != "ColumnRef";
        let same = kind == "ColumnRef" && names(column, "fields").last()? == mine;
        let named = text(theirs, "name").is_empty();
        let cast = |value: &Value| value["TypeCast"]["arg"] == theirs["val"];
        let typed =
            cast(&ours["val"]) || cast(&ours["val"]["CaseExpr"]["args"][0]["CaseWhen"]["result"]);
        (!self.strict && (self.writes > 0 || typed) && guarded && same && named).then_some(())
    }

    fn fields(&mut self, kind: &str, theirs: &Fields, ours: &Fields) -> Outcome {
        if theirs.len() != ours.len() {
            return Err("another form".to_owned());
        }
        if theirs.contains_key("relpersistence") {
            let (theirs, ours) = (Value::Object(theirs.clone()), Value::Object(ours.clone()));
            return self.relation(&theirs, &ours, !is_write(kind));
        }
        let depth = self.expressions.len();
        if let (Some(theirs), Some(ours)) = (theirs.get("with_clause"), ours.get("with_clause")) {
            self.with(theirs, ours)?;
        }
        for (name, theirs) in theirs {
            let Some(ours) = ours.get(name) else { return Err(format!("no {name}")) };
            let loose = !self.strict;
            match name.as_str() {
                "with_clause" => Ok(()),
                "relation" if is_write(kind) && theirs.is_object() => {
                    self.relation(theirs, ours, false)
                }
                "where_clause" | "join_condition" | "condition" if loose && self.writes > 0 => {
                    self.filter(theirs, ours)
                }
                "group_clause" if loose => self.grouping(theirs, ours),
                "exprs" | "returning_list" if loose && self.writes > 0 => self.list(theirs, ours),
                _ => self.value(theirs, ours),
            }
            .map_err(|error| format!("{name}: {error}"))?;
        }
        self.expressions.truncate(depth);
        Ok(())
    }

    fn with(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        if theirs.is_null() || ours.is_null() {
            return self.plain("", theirs, ours);
        }
        if theirs["recursive"] != ours["recursive"] {
            return Err("another WITH".to_owned());
        }
        let list = |with: &Value| with["ctes"].as_array().cloned().unwrap_or_default();
        let (theirs, ours, recursive) =
            (list(theirs), list(ours), theirs["recursive"] == json!(true));
        if theirs.len() != ours.len() {
            return Err("another WITH".to_owned());
        }
        let name = |with: &Value| text(&with["CommonTableExpr"], "ctename").to_owned();
        if recursive {
            self.expressions.extend(theirs.iter().map(name));
        }
        for (theirs, ours) in theirs.iter().zip(&ours) {
            self.value(theirs, ours)?;
            self.expressions.push(name(theirs));
        }
        Ok(())
    }

    /// The same relation, perhaps under its full name. `reads`: it may be a name of WITH.
    fn relation(&mut self, theirs: &Value, ours: &Value, reads: bool) -> Outcome {
        let (Value::Object(one), Value::Object(other)) = (theirs, ours) else {
            return Err("no relation".to_owned());
        };
        if let Some(name) = one.keys().find(|n| *n != "schemaname" && one.get(*n) != other.get(*n))
        {
            return Err(format!("{name} of {} became {}", short(theirs), short(ours)));
        }
        let (before, after) = (text(theirs, "schemaname"), text(ours, "schemaname"));
        if before == after {
            return Ok(());
        }
        let expected = self.resolved(theirs, reads);
        if before.is_empty() && expected.as_ref() == Some(&qualified(ours)) {
            self.found.qualified += 1;
            return Ok(());
        }
        Err(format!("{} became {}", qualified(theirs), qualified(ours)))
    }

    /// What a relation's name means.
    fn resolved(
        &self,
        range: &Value,
        reads: bool,
    ) -> Option<pgpurpose::model::names::QualifiedName> {
        let name = qualified(range);
        if !name.schema.as_str().is_empty() {
            return Some(name);
        }
        if reads && self.expressions.iter().any(|e| e == name.name.as_str()) {
            return None;
        }
        let path = &self.world.access.search_path;
        self.world.catalog().on_path(path, &name.name).map(|relation| relation.name.clone())
    }

    fn other_kind(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let different = || Err(format!("{} became {}", short(theirs), short(ours)));
        let (Some((kind, from)), Some((other, to))) = (node(theirs), node(ours)) else {
            return different();
        };
        match (kind, other) {
            _ if self.strict => different(),
            ("RangeVar", "RangeSubselect") => self.replaced(from, to),
            ("RangeTableSample", "RangeSubselect") => {
                let inside = &to["subquery"]["SelectStmt"]["from_clause"][0]["RangeTableSample"];
                let same = |part: &str| from[part] == inside[part];
                if !(same("method") && same("args") && same("repeatable")) {
                    return Err("another sample".to_owned());
                }
                self.replaced(&from["relation"]["RangeVar"], to)
            }
            (_, "AConst") if to["val"] == json!({"Boolval": {"boolval": true}}) => {
                self.found.moved.push(condition(theirs));
                Ok(())
            }
            // A row that an outer join made up stays none.
            ("ColumnRef", "CaseExpr")
                if to["defresult"].is_null()
                    && to["args"][0]["CaseWhen"]["expr"]["AExpr"]["lexpr"] == *theirs
                    && to["args"][0]["CaseWhen"]["result"]["TypeCast"]["arg"] == *theirs
                    && to["args"].as_array().map(Vec::len) == Some(1) =>
            {
                self.other_kind(theirs, &to["args"][0]["CaseWhen"]["result"])
            }
            ("ColumnRef", "TypeCast") if to["arg"]["ColumnRef"] == *from => {
                let row = names(from, "fields").pop().unwrap_or_default();
                self.found.typed.push((row, names(&to["type_name"], "names")));
                Ok(())
            }
            ("ColumnRef", _) if self.writes > 0 => self.guarded(from, ours),
            _ => different(),
        }
    }

    /// A query that stands for a relation, under the relation's name.
    fn replaced(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let Some(relation) = self.resolved(theirs, true) else {
            return Err(format!("{} is no relation and was replaced", short(theirs)));
        };
        let alias = match &theirs["alias"] {
            Value::Null => json!({"aliasname": theirs["relname"], "colnames": []}),
            alias => alias.clone(),
        };
        if ours["alias"] != alias || ours["lateral"] != json!(false) {
            return Err(format!("{relation} is replaced under another name"));
        }
        let inherit = theirs["inh"] == json!(true);
        let query = &ours["subquery"];
        let carried = stands_for(&self.world.snapshot, &relation, (inherit, &self.calls), query)?;
        self.found.carried.extend(carried);
        let kind = [&relation.schema, &relation.name].map(|name| name.as_str().to_owned());
        self.found.relations.push((text(&alias, "aliasname").to_owned(), kind.to_vec()));
        self.found.replaced.push(text(&alias, "aliasname").to_owned());
        Ok(())
    }

    /// `schema.table.column` becomes `table.column` where a derived table stands for the table.
    fn column(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let (before, after) = (names(theirs, "fields"), names(ours, "fields"));
        if !self.strict && before.len() == 3 && before[1..] == after[..] {
            self.found.unqualified.push(before[1].clone());
            return Ok(());
        }
        self.plain("ColumnRef", theirs, ours)
    }

    /// A reference in a write that shows only what may be seen of the same column.
    fn guarded(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let path = names(theirs, "fields");
        let columns = all(ours, "ColumnRef");
        let inside = crate::ours::aliases(ours);
        let own = |fields: &Vec<String>| {
            fields.last() == path.last() && fields.first().is_some_and(|row| !inside.contains(row))
        };
        let row = columns.iter().map(|c| names(c, "fields")).find(own);
        let row = row.and_then(|fields| fields.into_iter().next());
        closed(ours, row.as_deref(), &[])?;
        let hidden = columns.is_empty() && node(ours).is_some_and(|(kind, _)| kind == "TypeCast");
        if row.is_none() && !hidden {
            return Err(format!("{path:?} became {}", short(ours)));
        }
        self.found.guarded += 1;
        Ok(())
    }

    /// The condition of a write, and perhaps a guard: beside it, or before it in a CASE; behind
    /// that, conditions of the client's that are asked once more outside of the CASE.
    fn filter(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let before = (self.expressions.len(), self.found.clone());
        let plain = self.value(theirs, ours);
        if plain.is_ok() {
            return Ok(());
        }
        self.expressions.truncate(before.0);
        self.found = before.1;
        // PostgreSQL flattens `(a AND b) AND c`.
        let (mine, parts) = (conjuncts(theirs), conjuncts(ours));
        let guarded = match parts.first().and_then(node) {
            Some(("CaseExpr", case)) if self.guarded_case(theirs, case).is_ok() => 1,
            _ if theirs.is_null() => 0,
            _ => {
                let (Some(kept), true) = (parts.get(..mine.len()), parts.len() > mine.len()) else {
                    return plain;
                };
                for (theirs, ours) in mine.iter().zip(kept) {
                    self.value(theirs, ours)?;
                }
                mine.len()
            }
        };
        let asked: Vec<Value> = mine.iter().map(condition).collect();
        for part in &parts[guarded..] {
            if !asked.contains(&condition(part)) {
                self.guard(part)?;
            }
        }
        Ok(())
    }

    fn guarded_case(&mut self, theirs: &Value, case: &Value) -> Outcome {
        let when = &case["args"][0]["CaseWhen"];
        let closes = case["defresult"]["AConst"]["val"] == json!({"Boolval": {"boolval": false}});
        if case["args"].as_array().map(Vec::len) != Some(1) || !closes {
            return Err("a CASE that does not close".to_owned());
        }
        self.guard(&when["expr"])?;
        self.value(theirs, &when["result"])
    }

    fn guard(&mut self, guard: &Value) -> Outcome {
        let foreign = all(guard, "ColumnRef").into_iter().map(|c| names(c, "fields"));
        let own = crate::ours::aliases(guard);
        let outside: std::collections::BTreeSet<String> = foreign
            .filter(|path| path.len() == 2 && !own.contains(&path[0]))
            .map(|path| path[0].clone())
            .collect();
        if outside.len() > 1 {
            return Err(format!("a guard looks at {outside:?}"));
        }
        closed(guard, outside.first().map(String::as_str), &[])?;
        self.found.guarded += 1;
        Ok(())
    }

    /// A list of RETURNING, where a star may be spelt out.
    fn list(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let (Some(before), Some(after)) = (theirs.as_array(), ours.as_array()) else {
            return self.value(theirs, ours);
        };
        let is_star = |item: &Value| {
            let fields = names(&item["ResTarget"]["val"]["ColumnRef"], "fields");
            fields.last().is_some_and(|name| name == "*")
        };
        let stars = before.iter().filter(|item| is_star(item)).count();
        if before.len() == after.len() || stars != 1 || after.len() < before.len() {
            return self.plain("", theirs, ours);
        }
        let spelt = after.len() + 1 - before.len();
        let mut at = 0;
        for item in before {
            if !is_star(item) {
                self.value(item, &after[at])?;
                at += 1;
                continue;
            }
            for shown in &after[at..at + spelt] {
                let target = &shown["ResTarget"];
                let column = json!({"fields": [{"String": {"sval": target["name"]}}]});
                match node(&target["val"]) {
                    Some(("ColumnRef", plain))
                        if names(plain, "fields").last().map(String::as_str)
                            == Some(text(target, "name")) => {}
                    _ => self.guarded(&column, &target["val"])?,
                }
            }
            at += spelt;
        }
        Ok(())
    }

    /// GROUP BY a key, and perhaps the columns that depend on it.
    fn grouping(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        let (Some(before), Some(after)) = (theirs.as_array(), ours.as_array()) else {
            return self.value(theirs, ours);
        };
        if before.is_empty() || after.len() < before.len() {
            return self.plain("", theirs, ours);
        }
        for added in &after[before.len()..] {
            let Some(("ColumnRef", column)) = node(added) else {
                return Err(format!("grouped by {}", short(added)));
            };
            self.found.grouped.extend(names(column, "fields").into_iter().next());
        }
        self.plain("", theirs, &Value::Array(after[..before.len()].to_vec()))
    }

    /// `COPY table (columns) TO` becomes `COPY (SELECT columns FROM …) TO`.
    fn copy(&mut self, theirs: &Value, ours: &Value) -> Outcome {
        if self.strict || theirs["relation"].is_null() {
            return self.plain("CopyStmt", theirs, ours);
        }
        let (Some(before), Some(after)) = (theirs.as_object(), ours.as_object()) else {
            return Err("no COPY".to_owned());
        };
        const CHANGED: [&str; 3] = ["relation", "query", "attlist"];
        if let Some(name) = before
            .keys()
            .find(|name| !CHANGED.contains(&name.as_str()) && before.get(*name) != after.get(*name))
        {
            return Err(format!("{name} of COPY differs"));
        }
        let select = &ours["query"]["SelectStmt"];
        let [item] = select["from_clause"].as_array().map_or(&[][..], Vec::as_slice) else {
            return Err("COPY of something else".to_owned());
        };
        let mut from = theirs["relation"].clone();
        from["alias"] = Value::Null;
        // COPY of a table reads no children.
        from["inh"] = json!(false);
        self.value(&json!({"RangeVar": from}), item)?;
        let shown: Vec<String> = all(&select["target_list"], "ColumnRef")
            .into_iter()
            .filter_map(|column| names(column, "fields").pop())
            .collect();
        let asked = names(theirs, "attlist");
        let all = self.resolved(&theirs["relation"], false).and_then(|name| {
            let relation = self.world.catalog().by_name(&name)?;
            Some(relation.columns.iter().map(|c| c.name.as_str().to_owned()).collect::<Vec<_>>())
        });
        if shown == asked || (asked.is_empty() && Some(&shown) == all.as_ref()) {
            Ok(())
        } else {
            Err(format!("COPY of {asked:?} shows {shown:?}"))
        }
    }
}

fn short(value: &Value) -> String {
    let mut text = value.to_string();
    if text.len() > 160 {
        let end = (0..=160).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
