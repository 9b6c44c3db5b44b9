//! Statements nobody wrote down: queries and writes over the tables of `people/schema.sql`, typed
//! enough that most run, and with errors on purpose.
//!
//! The same seed gives the same statements. Rows are asked for as a set: where a statement cuts
//! (`LIMIT`, `DISTINCT ON`, windows), it says by what order, down to the last column.

mod forms;
mod shrink;

pub use shrink::shrink;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// What a column or expression is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Int,
    Text,
    Date,
    Bool,
}
use Kind::{Bool, Date, Int, Text};

#[derive(Clone, Debug)]
struct Column {
    /// As it is written: `p.id`.
    name: String,
    kind: Kind,
}

/// What can be named at a place.
#[derive(Clone, Default)]
struct Scope {
    columns: Vec<Column>,
    /// Aliases whose whole row can be named.
    rows: Vec<String>,
}

const TABLES: &[(&str, &[(&str, Kind)])] = &[
    ("person", &[("id", Int), ("name", Text), ("email", Text), ("born", Date), ("balance", Int)]),
    ("purchase", &[("id", Int), ("person_id", Int), ("item", Text), ("price", Int)]),
    ("note", &[("id", Int), ("text", Text)]),
    ("vip", &[("id", Int), ("person_id", Int), ("gift", Text)]),
    ("visit", &[("person_id", Int), ("day", Date), ("page", Text)]),
    ("visit_late", &[("person_id", Int), ("day", Date), ("page", Text)]),
    ("contact", &[("id", Int), ("name", Text), ("email", Text)]),
];

/// The tables of `people/kin.sql` filled from the people who are there; first those whom every
/// purpose may use, so that their rows lie in the same places.
pub const KIN_ROWS: &str = "
INSERT INTO vip SELECT id + 10, id, 'for ' || name FROM person WHERE id IN (1, 5);
INSERT INTO vip SELECT id + 10, id, 'for ' || name FROM person WHERE id NOT IN (1, 2, 5);
INSERT INTO vip_abroad SELECT id + 10, id, email, 'x' FROM person
    WHERE id IN (2, 8) AND email IS NOT NULL;
INSERT INTO visit SELECT id, date '2019-01-01' + 700 * (id % 2), name FROM person
    ORDER BY id NOT IN (1, 2, 5), id;
";

/// Constants that meet the contents of the test's databases.
const INTS: &[&str] = &["0", "1", "2", "3", "4", "5", "7", "10", "100", "199", "600", "2147483647"];
const TEXTS: &[&str] = &[
    "'Ada Plain'",
    "'Flo One'",
    "'x@y'",
    "'3'",
    "'tea'",
    "'0'",
    "''",
    "'%n%'",
    "'A%'",
    "'ada@example.org'",
    "'zoltan@example.org'",
    "'1985-03-03'",
];
const DATES: &[&str] =
    &["date '1980-01-01'", "date '1985-03-03'", "date '2020-01-01'", "current_date"];

/// As many statements as `$PGPURPOSE_GENERATED` says.
pub fn generated() -> Vec<String> {
    let mut generator = Generator::new(seed());
    (0..number("PGPURPOSE_GENERATED", 800)).map(|_| generator.statement()).collect()
}

/// Whether a generated statement orders its rows by every column, and so gives them in one order.
pub fn is_ordered(sql: &str) -> bool {
    let is_end = |c: char| c.is_ascii_digit() || " ,LIMITOFFSET".contains(c);
    sql.rsplit_once(" ORDER BY ").is_some_and(|(_, end)| end.chars().all(is_end))
}

/// The one in `$PGPURPOSE_SEED`, which gives the same statements again.
pub fn seed() -> u64 {
    number("PGPURPOSE_SEED", 7)
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

pub struct Generator {
    random: StdRng,
    names: u32,
    /// Common table expressions in scope.
    ctes: Vec<(String, Vec<(String, Kind)>)>,
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator { random: StdRng::seed_from_u64(seed), names: 0, ctes: Vec::new() }
    }

    /// One statement.
    pub fn statement(&mut self) -> String {
        self.names = 0;
        self.ctes.clear();
        match self.below(20) {
            0 => self.update(),
            1 => self.delete(),
            2 => self.insert(),
            3 => format!("DECLARE c CURSOR FOR {}", self.whole_query()),
            4 => format!("COPY ({}) TO STDOUT", self.whole_query()),
            5..=9 => self.form(),
            _ => self.whole_query(),
        }
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.random.random_range(0..limit)
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.choose(&mut self.random).copied().unwrap_or("")
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A query with everything that can stand round it.
    fn whole_query(&mut self) -> String {
        let mut with = Vec::new();
        if self.one_in(4) {
            for _ in 0..=self.below(2) {
                let name = self.fresh("c");
                let (query, columns) = self.query(2, &Scope::default());
                let how = self.pick(&["", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
                with.push(format!("{name} AS {how}({query})"));
                self.ctes.push((name, columns));
            }
        }
        let (query, columns) = self.query(3, &Scope::default());
        let mut text = match with.is_empty() {
            true => query,
            false => format!("WITH {} {query}", with.join(", ")),
        };
        let ordinals: Vec<String> = (1..=columns.len()).map(|n| n.to_string()).collect();
        if self.one_in(3) {
            text += &format!(" ORDER BY {}", ordinals.join(", "));
            if self.one_in(2) {
                text += &format!(" LIMIT {} OFFSET {}", self.below(4), self.below(3));
            }
        }
        text
    }

    /// A query and the columns it gives.
    fn query(&mut self, depth: u32, outer: &Scope) -> (String, Vec<(String, Kind)>) {
        if depth > 1 && self.one_in(7) {
            let (one, columns) = self.select(depth - 1, outer, None);
            let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
            let (other, _) = self.select(depth - 1, outer, Some(&kinds));
            let how = self.pick(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL"]);
            return (format!("{one} {how} {other}"), columns);
        }
        self.select(depth, outer, None)
    }

    fn select(
        &mut self,
        depth: u32,
        outer: &Scope,
        kinds: Option<&[Kind]>,
    ) -> (String, Vec<(String, Kind)>) {
        let (from, scope) = self.from(depth);
        let mut all = scope.clone();
        if depth < 3 {
            all.columns.extend(outer.columns.iter().cloned());
        }
        let filter = match self.below(4) {
            0 => String::new(),
            _ => format!(" WHERE {}", self.condition(depth, &all)),
        };
        let grouped = self.one_in(4);
        let count = self.below(3) + 1;
        let kinds: Vec<Kind> = match kinds {
            Some(kinds) => kinds.to_vec(),
            None => (0..count).map(|_| self.kind()).collect(),
        };
        let keys: Vec<Column> = match grouped {
            true => (0..=self.below(2)).filter_map(|_| self.any_column(&scope)).collect(),
            false => Vec::new(),
        };
        let mut items = Vec::new();
        let mut columns = Vec::new();
        for kind in kinds {
            let item = match grouped {
                true => self.aggregate(kind, depth, &scope, &keys),
                false if self.one_in(12) => self.window(kind, &scope),
                false => self.expr(kind, depth, &all),
            };
            let name = self.fresh("o");
            items.push(format!("{item} AS {name}"));
            columns.push((name, kind));
        }
        let distinct = if !grouped && self.one_in(8) { "DISTINCT " } else { "" };
        let mut text = format!("SELECT {distinct}{}{from}{filter}", items.join(", "));
        if !keys.is_empty() {
            let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            let names = names.join(", ");
            text += &match self.below(6) {
                0 => format!(" GROUP BY ROLLUP ({names})"),
                1 => format!(" GROUP BY GROUPING SETS (({names}), ())"),
                _ => format!(" GROUP BY {names}"),
            };
        }
        if grouped && self.one_in(3) {
            let having = self.aggregate(Int, depth, &scope, &keys);
            text +=
                &format!(" HAVING {having} {} {}", self.pick(&[">", "<", "="]), self.pick(INTS));
        }
        (text, columns)
    }

    fn kind(&mut self) -> Kind {
        [Int, Int, Text, Text, Date, Bool][self.below(6) as usize]
    }

    fn any_column(&mut self, scope: &Scope) -> Option<Column> {
        scope.columns.choose(&mut self.random).cloned()
    }

    fn from(&mut self, depth: u32) -> (String, Scope) {
        let (mut text, mut scope) = self.item(depth);
        for _ in 0..self.below(3) {
            let how =
                self.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", ","]);
            let lateral = matches!(how, "JOIN" | "CROSS JOIN" | ",") && depth > 1 && self.one_in(5);
            let (item, more) = match lateral {
                true => {
                    let (query, columns) = self.select(depth - 1, &scope, None);
                    let name = self.fresh("l");
                    (format!("LATERAL ({query}) {name}"), named(&name, &columns))
                }
                false => self.item(depth),
            };
            let mut both = scope.clone();
            both.columns.extend(more.columns.iter().cloned());
            both.rows.extend(more.rows.iter().cloned());
            let on = match how {
                "CROSS JOIN" | "," => String::new(),
                // A full join needs an equation it can merge or hash by.
                "FULL JOIN" => format!(" ON {}", self.equation(&scope, &more)),
                _ if self.one_in(4) => format!(" ON {}", self.condition(1, &both)),
                _ => format!(" ON {}", self.equation(&scope, &more)),
            };
            text = match how {
                "," => format!("{text} CROSS JOIN {item}"),
                _ => format!("{text} {how} {item}{on}"),
            };
            scope = both;
        }
        (format!(" FROM {text}"), scope)
    }

    fn equation(&mut self, left: &Scope, right: &Scope) -> String {
        let of = |scope: &Scope, kind| {
            let found = scope.columns.iter().filter(|column| column.kind == kind).cloned();
            found.collect::<Vec<_>>()
        };
        let kind = if self.one_in(5) { Text } else { Int };
        let (left, right) = (of(left, kind), of(right, kind));
        match (left.choose(&mut self.random), right.choose(&mut self.random)) {
            (Some(left), Some(right)) => format!("{} = {}", left.name, right.name),
            _ => "true".to_owned(),
        }
    }

    fn item(&mut self, depth: u32) -> (String, Scope) {
        let alias = self.fresh("t");
        match self.below(12) {
            0 if depth > 1 => {
                let (query, columns) = self.query(depth - 1, &Scope::default());
                (format!("({query}) {alias}"), named(&alias, &columns))
            }
            1 => {
                let values =
                    format!("(VALUES ({}, {}), (3, '3'))", self.pick(INTS), self.pick(TEXTS));
                let columns = [("k".to_owned(), Int), ("v".to_owned(), Text)];
                (format!("{values} {alias} (k, v)"), named(&alias, &columns))
            }
            2 => {
                let columns = [("g".to_owned(), Int)];
                (format!("generate_series(1, 3) {alias} (g)"), named(&alias, &columns))
            }
            3 if !self.ctes.is_empty() => {
                let (name, columns) =
                    self.ctes.choose(&mut self.random).cloned().unwrap_or_default();
                (format!("{name} {alias}"), named(&alias, &columns))
            }
            n => {
                let table = match self.one_in(4) {
                    true => 3 + self.below(4) as usize,
                    false => [0, 0, 0, 1, 1, 2][n as usize % 6],
                };
                let (table, columns) = TABLES[table];
                let columns: Vec<(String, Kind)> =
                    columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
                let only = if self.one_in(9) { "ONLY " } else { "" };
                let mut scope = named(&alias, &columns);
                scope.rows.push(alias.clone());
                (format!("{only}{table} {alias}"), scope)
            }
        }
    }

    fn condition(&mut self, depth: u32, scope: &Scope) -> String {
        let parts: Vec<String> =
            (0..=self.below(3)).map(|_| self.expr(Bool, depth.min(2), scope)).collect();
        parts.join(self.pick(&[" AND ", " AND ", " AND ", " OR "]))
    }

    /// An expression of a kind.
    fn expr(&mut self, kind: Kind, depth: u32, scope: &Scope) -> String {
        let leaf = depth == 0 || self.one_in(3);
        if leaf && kind != Bool {
            let fitting: Vec<&Column> = scope.columns.iter().filter(|c| c.kind == kind).collect();
            if let (Some(column), false) = (fitting.choose(&mut self.random), self.one_in(5)) {
                return column.name.clone();
            }
            return match kind {
                Int => self.pick(INTS),
                Text => self.pick(TEXTS),
                Date => self.pick(DATES),
                Bool => "true",
            }
            .to_owned();
        }
        let depth = depth.saturating_sub(1);
        match kind {
            Int => self.int(depth, scope),
            Text => self.text(depth, scope),
            Date => self.date(depth, scope),
            Bool => self.truth(depth, scope),
        }
    }

    fn int(&mut self, depth: u32, scope: &Scope) -> String {
        let [a, b] = [0, 1].map(|_| self.expr(Int, depth, scope));
        match self.below(18) {
            0 | 1 => format!("({a} + {b})"),
            2 => format!("({a} - {b})"),
            3 => format!("({a} * {b})"),
            4 => format!("({a} / {b})"),
            5 => format!("({a} % ({b} - 3))"),
            6 => format!("coalesce({a}, {b})"),
            7 => format!("length({})", self.expr(Text, depth, scope)),
            8 => format!("{}::integer", self.cast_of(Text, depth, scope)),
            9 => format!("extract(year from {})::integer", self.expr(Date, depth, scope)),
            10 => self.case(Int, depth, scope),
            11 => format!("nullif({a}, {b})"),
            12 => format!("greatest({a}, {b})"),
            13 if depth > 0 => self.single(Int, depth, scope),
            14 => format!("(-{a})"),
            15 => format!("({a} & {b})"),
            16 => format!("abs({a})"),
            _ => format!("position({} in {})", self.pick(TEXTS), self.expr(Text, depth, scope)),
        }
    }

    fn cast_of(&mut self, kind: Kind, depth: u32, scope: &Scope) -> String {
        format!("({})", self.expr(kind, depth, scope))
    }

    fn text(&mut self, depth: u32, scope: &Scope) -> String {
        let a = self.expr(Text, depth, scope);
        let row = scope.rows.choose(&mut self.random).cloned();
        match (self.below(16), row) {
            (0, _) => format!("({a} || {})", self.expr(Text, depth, scope)),
            (1, _) => format!("upper({a})"),
            (2, _) => format!("substr({a}, {}, 3)", self.below(4)),
            (3, _) => format!("md5({a})"),
            (4, _) => format!("{}::text", self.cast_of(Int, depth, scope)),
            (5, _) => format!("coalesce({a}, {})", self.pick(TEXTS)),
            (6, _) => self.case(Text, depth, scope),
            (7, _) => format!("concat({a}, {})", self.expr(Int, depth, scope)),
            (8, _) => format!("replace({a}, 'a', '')"),
            (9, Some(row)) => format!("{row}::text"),
            (10, Some(row)) => format!("(to_jsonb({row}) ->> 'name')"),
            (11, Some(row)) => format!("row_to_json({row})::text"),
            (12, _) if depth > 0 => self.single(Text, depth, scope),
            (13, _) => format!("{}::text", self.cast_of(Date, depth, scope)),
            (14, _) => format!("split_part({a}, '@', 2)"),
            _ => format!("lower({a})"),
        }
    }

    fn date(&mut self, depth: u32, scope: &Scope) -> String {
        let a = self.expr(Date, depth, scope);
        match self.below(6) {
            0 => format!("({a} + {})", self.expr(Int, 0, scope)),
            1 => format!("coalesce({a}, {})", self.pick(DATES)),
            2 => self.case(Date, depth, scope),
            3 => format!("{}::date", self.cast_of(Text, depth, scope)),
            4 => format!("date_trunc('year', {a})::date"),
            _ => format!("least({a}, {})", self.pick(DATES)),
        }
    }

    fn truth(&mut self, depth: u32, scope: &Scope) -> String {
        let kind = [Int, Int, Text, Date][self.below(4) as usize];
        let [a, b] = [0, 1].map(|_| self.expr(kind, depth, scope));
        match self.below(20) {
            0..=3 => format!("{a} {} {b}", self.pick(&["=", "<", ">", "<>", ">="])),
            4 => format!("{a} IS {}NULL", self.pick(&["", "NOT "])),
            5 => format!("{a} IS DISTINCT FROM {b}"),
            6 => format!("{a} {}IN ({b}, {})", self.pick(&["", "NOT "]), self.expr(kind, 0, scope)),
            7 => format!("{a} BETWEEN {b} AND {}", self.expr(kind, 0, scope)),
            8 => format!("({a} = {b} OR {})", self.expr(Bool, depth, scope)),
            9 => format!("NOT ({})", self.expr(Bool, depth, scope)),
            10 | 11 => {
                let text = self.expr(Text, depth, scope);
                format!(
                    "{text} {} {}",
                    self.pick(&["LIKE", "NOT LIKE", "~", "ILIKE"]),
                    self.pick(TEXTS)
                )
            }
            12 | 13 if depth > 0 => {
                let (query, _) = self.select(depth, scope, None);
                format!("{}EXISTS ({query})", self.pick(&["", "NOT "]))
            }
            14 if depth > 0 => {
                let (query, _) = self.select(depth, scope, Some(&[kind]));
                format!("{a} {}IN ({query})", self.pick(&["", "NOT "]))
            }
            15 if depth > 0 => {
                let (query, _) = self.select(depth, scope, Some(&[kind]));
                format!("{a} {} ({query})", self.pick(&["= ANY", "<> ALL", "> ALL"]))
            }
            17 | 18 => self.trap(scope),
            16 => format!("{a} = ANY (ARRAY[{b}, {}])", self.expr(kind, 0, scope)),
            _ => format!("1 / {} > 0", self.expr(Int, depth.min(1), scope)),
        }
    }

    /// An error that is raised only where a comparison holds: for a row that is not to be seen, it
    /// should not be.
    fn trap(&mut self, scope: &Scope) -> String {
        let Some(column) = self.any_column(scope) else { return "true".to_owned() };
        let constant = match column.kind {
            Int => self.pick(&["3", "4", "6", "7", "600", "0", "2147483647"]),
            Text => {
                self.pick(&["'Flo One'", "'x@y'", "'3'", "'0'", "'hat'", "'zoltan@example.org'"])
            }
            Date => self.pick(&["date '1985-03-03'", "date '1925-12-31'", "date '1970-06-06'"]),
            Bool => "true",
        };
        let other = self.any_column(scope).map_or("1".to_owned(), |other| match other.kind {
            Int => format!("coalesce({}, 9)", other.name),
            Text => format!("length({})", other.name),
            Date | Bool => "3".to_owned(),
        });
        let error = match self.below(5) {
            0 => "1 / (random() * 0)::integer = 1".to_owned(),
            1 => format!("1 / ({other} * 0) = 1"),
            2 => "(SELECT g FROM generate_series(1, 2) g) = 1".to_owned(),
            3 => format!("1 / ({other} - 3) > 5"),
            _ => format!("concat('x', {other})::integer = 1"),
        };
        match self.below(3) {
            0 => format!("({} = {constant} AND {error})", column.name),
            1 => format!("({error} AND {} = {constant})", column.name),
            _ => format!("CASE WHEN {} = {constant} THEN {error} ELSE true END", column.name),
        }
    }

    fn case(&mut self, kind: Kind, depth: u32, scope: &Scope) -> String {
        let when = self.expr(Bool, depth.min(1), scope);
        let (a, b) = (self.expr(kind, depth, scope), self.expr(kind, 0, scope));
        format!("CASE WHEN {when} THEN {a} ELSE {b} END")
    }

    /// A sub-select in the place of a value; one of several rows is an error.
    fn single(&mut self, kind: Kind, depth: u32, scope: &Scope) -> String {
        if self.one_in(3) {
            return format!("({})", self.select(depth, scope, Some(&[kind])).0);
        }
        let (from, inner) = self.from(1);
        let keys = Vec::new();
        let value = self.aggregate(kind, 1, &inner, &keys);
        let mut all = inner;
        all.columns.extend(scope.columns.iter().cloned());
        format!("(SELECT {value}{from} WHERE {})", self.condition(1, &all))
    }

    /// A value of a grouped query.
    fn aggregate(&mut self, kind: Kind, depth: u32, scope: &Scope, keys: &[Column]) -> String {
        let key = keys.iter().find(|key| key.kind == kind);
        if let (Some(key), true) = (key, self.one_in(2)) {
            return key.name.clone();
        }
        let depth = depth.min(1);
        let filter = match self.one_in(6) {
            true => format!(" FILTER (WHERE {})", self.expr(Bool, 1, scope)),
            false => String::new(),
        };
        match kind {
            Int => match self.below(6) {
                0 => format!("count(*){filter}"),
                1 => format!("count(DISTINCT {}){filter}", self.expr(Int, depth, scope)),
                2 => format!("(sum({}){filter})::integer", self.expr(Int, depth, scope)),
                3 => format!("min({}){filter} * 2", self.expr(Int, depth, scope)),
                _ => format!("max({}){filter}", self.expr(Int, depth, scope)),
            },
            Text => match self.below(3) {
                0 => {
                    let text = self.expr(Text, depth, scope);
                    format!("string_agg({text}, ',' ORDER BY {text}){filter}")
                }
                _ => format!("max({}){filter}", self.expr(Text, depth, scope)),
            },
            Date => format!("min({}){filter}", self.expr(Date, depth, scope)),
            Bool => format!("bool_or({}){filter}", self.expr(Bool, depth, scope)),
        }
    }

    /// A window over a total order: peers are alike in everything that is asked.
    fn window(&mut self, kind: Kind, scope: &Scope) -> String {
        let value = self.expr(kind, 0, scope);
        let by = self.expr(Int, 0, scope);
        match kind {
            Int => format!("dense_rank() OVER (ORDER BY {by})::integer"),
            Text | Date => format!("max({value}) OVER (PARTITION BY {by})"),
            Bool => format!("count(*) OVER (ORDER BY {by}) > 2"),
        }
    }

    fn target(&mut self) -> (&'static str, Scope) {
        let (table, columns) = TABLES[self.below(2) as usize];
        let columns: Vec<(String, Kind)> =
            columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        (table, named(table, &columns))
    }

    fn update(&mut self) -> String {
        let (table, scope) = self.target();
        let set = match table {
            "person" => ["balance", "name"][self.below(2) as usize],
            _ => ["price", "item"][self.below(2) as usize],
        };
        let kind = if matches!(set, "balance" | "price") { Int } else { Text };
        let mut value = self.expr(kind, 2, &scope);
        if kind == Text {
            value = format!("coalesce({value}, 'none')");
        } else if set == "price" {
            value = format!("coalesce({value}, 1)");
        }
        let filter = self.condition(2, &scope);
        let returning = self.returning(&scope);
        format!("UPDATE {table} SET {set} = {value} WHERE {filter}{returning}")
    }

    fn delete(&mut self) -> String {
        let columns = TABLES[1].1.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
        let scope = named("purchase", &columns.collect::<Vec<_>>());
        let filter = self.condition(2, &scope);
        format!("DELETE FROM purchase WHERE {filter}{}", self.returning(&scope))
    }

    fn insert(&mut self) -> String {
        let (query, columns) = self.select(2, &Scope::default(), Some(&[Int, Text]));
        let text = columns.last().map_or("", |(name, _)| name.as_str());
        format!("INSERT INTO note SELECT 1000, max(x.{text}) FROM ({query}) x RETURNING *")
    }

    fn returning(&mut self, scope: &Scope) -> String {
        match self.below(3) {
            0 => String::new(),
            1 => " RETURNING *".to_owned(),
            _ => {
                let kind = self.kind();
                format!(" RETURNING {}", self.expr(kind, 1, scope))
            }
        }
    }
}

fn named(alias: &str, columns: &[(String, Kind)]) -> Scope {
    let columns = columns
        .iter()
        .map(|(name, kind)| Column { name: format!("{alias}.{name}"), kind: *kind })
        .collect();
    Scope { columns, rows: Vec::new() }
}
