//! The statements over all that is held of one person. Each takes the person's id as `$1`.

use super::holdings::{Holdings, Reference};

/// Keys of one table that are remembered to look for what is left; more are not believable.
pub const MAX_KEYS: usize = 1_000_000;

/// The statement that erases, and what its counts mean.
#[derive(Debug)]
pub struct Erasing {
    pub sql: String,
    /// For each table: places of the counts deleted, masked, detached in the only row.
    pub counts: Vec<[Option<usize>; 3]>,
}

impl Holdings {
    /// Keeps the person where they are: no row that refers to them by a foreign key can come.
    pub fn lock(&self) -> Option<String> {
        let (table, id) = self.people.as_ref()?;
        let (table, id) = (table.to_quoted(), id.to_quoted());
        let kind = &self.id_type;
        Some(format!(
            "SELECT 1::text FROM {table} AS t WHERE t.{id} = CAST($1::text AS {kind}) FOR UPDATE"
        ))
    }

    /// How many of the person's rows go, stay, stay and change.
    pub fn count(&self, at: usize) -> String {
        let name = self.tables.get(at).map(|table| table.sql()).unwrap_or_default();
        let (theirs, stays) = (self.is_theirs(at, "t"), self.stays(at, "t"));
        let change = self.is_to_change(at);
        format!(
            "SELECT count(*) FILTER (WHERE NOT ({stays}))::text, \
             count(*) FILTER (WHERE {stays})::text, \
             count(*) FILTER (WHERE {stays} AND {change})::text \
             FROM {name} AS t WHERE {theirs}"
        )
    }

    /// How many rows of others refer to rows that go, and how many of them cannot let go.
    pub fn count_referring(&self, at: usize) -> Option<String> {
        let table = self.tables.get(at)?;
        let referring = |able: bool| {
            let those = table.references.iter().filter(|r| r.nullable.is_empty() != able);
            let each = those.filter_map(|r| self.refers_to_what_goes(r, "t"));
            let each: Vec<String> = each.collect();
            if each.is_empty() { "false".to_owned() } else { format!("({})", each.join(" OR ")) }
        };
        let (able, unable) = (referring(true), referring(false));
        let (name, theirs) = (table.sql(), self.is_theirs(at, "t"));
        (able != "false" || unable != "false").then(|| {
            format!(
                "SELECT count(*) FILTER (WHERE {able})::text, \
                 count(*) FILTER (WHERE {unable})::text \
                 FROM {name} AS t WHERE ({theirs}) IS NOT TRUE"
            )
        })
    }

    /// Deletes, masks and detaches everything in one statement: all of it sees the tables as they
    /// were before, and foreign keys are looked at when it is done. So no order can be wrong, in
    /// circles of tables neither.
    pub fn erase(&self) -> Erasing {
        let (mut parts, mut counts) = (Vec::new(), Vec::new());
        let mut add = |part: Option<String>| {
            let part = part?;
            parts.push(format!("x{} AS ({part} RETURNING 1)", parts.len()));
            Some(parts.len() - 1)
        };
        for at in 0..self.tables.len() {
            counts.push([add(self.delete(at)), add(self.mask(at)), add(self.detach(at))]);
        }
        let each = (0..parts.len()).map(|at| format!("(SELECT count(*)::text FROM x{at})"));
        let each = each.collect::<Vec<_>>().join(", ");
        Erasing { sql: format!("WITH {} SELECT {each}", parts.join(",\n")), counts }
    }

    fn delete(&self, at: usize) -> Option<String> {
        let (theirs, stays) = (self.is_theirs(at, "t"), self.stays(at, "t"));
        let name = self.tables.get(at)?.sql();
        Some(format!("DELETE FROM {name} AS t WHERE {theirs} AND NOT ({stays})"))
    }

    fn mask(&self, at: usize) -> Option<String> {
        let values = self.put_away(at);
        if !self.may_stay(at) || values.is_empty() {
            return None;
        }
        let set: Vec<String> =
            values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let (theirs, stays) = (self.is_theirs(at, "t"), self.stays(at, "t"));
        let (name, change, set) =
            (self.tables.get(at)?.sql(), self.is_to_change(at), set.join(", "));
        Some(format!("UPDATE {name} AS t SET {set} WHERE {theirs} AND {stays} AND {change}"))
    }

    /// Rows of others forget what they refer to.
    fn detach(&self, at: usize) -> Option<String> {
        let table = self.tables.get(at)?;
        let able: Vec<(&Reference, String)> = table
            .references
            .iter()
            .filter(|reference| !reference.nullable.is_empty())
            .filter_map(|reference| Some((reference, self.refers_to_what_goes(reference, "t")?)))
            .collect();
        let mut columns: Vec<_> = able.iter().flat_map(|(r, _)| &r.nullable).collect();
        columns.sort();
        columns.dedup();
        if columns.is_empty() {
            return None;
        }
        let set = columns.iter().map(|column| {
            let these = able.iter().filter(|(reference, _)| reference.nullable.contains(column));
            let goes: Vec<&str> = these.map(|(_, goes)| goes.as_str()).collect();
            let (name, goes) = (column.to_quoted(), goes.join(" OR "));
            format!("{name} = CASE WHEN {goes} THEN NULL ELSE t.{name} END")
        });
        let set = set.collect::<Vec<_>>().join(", ");
        let goes: Vec<&str> = able.iter().map(|(_, goes)| goes.as_str()).collect();
        let (name, theirs, goes) = (table.sql(), self.is_theirs(at, "t"), goes.join(" OR "));
        Some(format!("UPDATE {name} AS t SET {set} WHERE ({theirs}) IS NOT TRUE AND ({goes})"))
    }

    /// The keys that lead from a table to the person, to look for them when the way is gone.
    pub fn keys(&self, at: usize) -> Option<String> {
        let table = self.tables.get(at)?;
        let (name, theirs) = (table.sql(), self.is_theirs(at, "t"));
        let column = table.path.column.to_quoted();
        (!table.path.steps.is_empty()).then(|| {
            format!(
                "SELECT DISTINCT (t.{column})::text FROM {name} AS t WHERE {theirs} \
                 LIMIT {}",
                MAX_KEYS + 1
            )
        })
    }

    /// Rows with one of the keys `$2` that are not there for a reason.
    pub fn left_by_key(&self, at: usize) -> Option<String> {
        let table = self.tables.get(at)?;
        let (name, theirs, stays) = (table.sql(), self.is_theirs(at, "t"), self.stays(at, "t"));
        let column = table.path.column.to_quoted();
        Some(format!(
            "SELECT count(*)::text FROM {name} AS t WHERE (t.{column})::text = ANY ($2::text[]) \
             AND ({theirs} AND {stays}) IS NOT TRUE"
        ))
    }

    /// The person's rows as JSON, without secrets.
    pub fn export(&self, at: usize) -> String {
        let Some(table) = self.tables.get(at) else { return String::new() };
        let secret = table.columns.iter().filter(|column| column.secret);
        let minus: String = secret.map(|c| format!(" - {}", literal(c.name.as_str()))).collect();
        let (name, theirs) = (table.sql(), self.is_theirs(at, "t"));
        format!("SELECT (to_jsonb(t){minus})::text FROM {name} AS t WHERE {theirs}")
    }
}

/// A text constant.
fn literal(text: &str) -> String {
    format!("'{}'::text", text.replace('\'', "''"))
}
