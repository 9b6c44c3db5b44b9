//! The rarer forms of a statement, each around expressions and conditions of the generator.

use super::{Bool, Date, Generator, INTS, Int, Kind, Scope, TABLES, TEXTS, Text, named};

impl Generator {
    /// A statement of a form that nothing else here gives.
    pub(super) fn form(&mut self) -> String {
        match self.below(24) {
            0 | 1 => self.merged_join(),
            2 => self.recursion(),
            3 => self.writing_cte(),
            4 => self.distinct_on(),
            5 => self.grouping(),
            6 => self.within_group(),
            7 => self.arrays(),
            8 | 9 => self.composite(),
            10 => self.json(),
            11 | 12 => self.frames(),
            13 => self.locking(),
            14 => self.sample(),
            15 => self.system_columns(),
            16 => self.sets_of_rows(),
            17 => self.merge(),
            18 => self.on_conflict(),
            19 => self.prepared(),
            20 => self.set_operations(),
            21 => self.numbers(),
            22 => self.rows_compared(),
            _ => self.whole(),
        }
    }

    /// One table under a short name.
    fn one(&mut self, table: usize, alias: &str) -> (String, Scope) {
        let (name, columns) = TABLES[table];
        let columns: Vec<(String, Kind)> =
            columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        let mut scope = named(alias, &columns);
        scope.rows.push(alias.to_owned());
        (format!("{name} {alias}"), scope)
    }

    fn some_table(&mut self) -> (String, Scope) {
        let table = [0, 0, 1][self.below(3) as usize];
        self.one(table, "p")
    }

    fn some_expr(&mut self, scope: &Scope) -> String {
        let kind = [Int, Text, Text, Date, Bool][self.below(5) as usize];
        self.expr(kind, 2, scope)
    }

    fn merged_join(&mut self) -> String {
        let (one, mut scope) = self.one(0, "a");
        let table = self.below(3) as usize;
        let (other, more) = self.one(table, "b");
        scope.columns.extend(more.columns);
        let how = self.pick(&["", "LEFT ", "RIGHT ", "FULL ", "INNER "]);
        let join = match self.below(5) {
            0 => format!("{one} NATURAL {how}JOIN {other}"),
            1 => format!("{one} {how}JOIN {other} USING (id) AS u"),
            _ => format!("{one} {how}JOIN {other} USING (id)"),
        };
        let what = match self.below(4) {
            0 => "*".to_owned(),
            1 => "id, count(*)".to_owned(),
            2 => "a.*, id".to_owned(),
            _ => format!("id, {}", self.some_expr(&scope)),
        };
        let group = if what.contains("count") { " GROUP BY id" } else { "" };
        format!("SELECT {what} FROM {join} WHERE {}{group}", self.condition(1, &scope))
    }

    fn recursion(&mut self) -> String {
        let (table, scope) = self.one(0, "p");
        let first = self.expr(Text, 1, &scope);
        let filter = self.condition(1, &scope);
        let mut both = scope;
        both.columns.extend(named("r", &[("n".to_owned(), Int), ("v".to_owned(), Text)]).columns);
        let next = self.expr(Text, 1, &both);
        let more = self.condition(1, &both);
        let all = self.pick(&["", "ALL "]);
        format!(
            "WITH RECURSIVE r (n, v) AS (SELECT p.id, {first} FROM {table} WHERE {filter} UNION \
             {all}SELECT p.id, substr({next}, 1, 9) FROM r JOIN {table} ON p.id > r.n WHERE {more}) \
             SELECT n, v FROM r"
        )
    }

    fn writing_cte(&mut self) -> String {
        let (table, scope) = self.one(1, "p");
        let filter = self.condition(1, &scope);
        let back = self.some_expr(&scope);
        let write = match self.below(3) {
            0 => format!("DELETE FROM {table} WHERE {filter} RETURNING {back} AS x"),
            1 => {
                let price = self.expr(Int, 1, &scope);
                format!(
                    "UPDATE {table} SET price = coalesce({price}, 0) WHERE {filter} \
                     RETURNING {back} AS x"
                )
            }
            _ => {
                let text = self.expr(Text, 1, &scope);
                format!(
                    "INSERT INTO note SELECT p.id + 3000, {text} FROM {table} WHERE {filter} \
                     RETURNING text AS x"
                )
            }
        };
        format!("WITH w AS ({write}) SELECT count(*), count(x), min(x::text) FROM w")
    }

    fn distinct_on(&mut self) -> String {
        let (from, scope) = self.from(1);
        let [a, b, c] = [(); 3].map(|()| self.some_expr(&scope));
        format!(
            "SELECT DISTINCT ON ({a}) {a} AS a, {b} AS b, {c} AS c{from} WHERE {} \
             ORDER BY {a}, {b}, {c}",
            self.condition(1, &scope)
        )
    }

    fn grouping(&mut self) -> String {
        let (from, scope) = self.from(1);
        let [a, b] = [(); 2].map(|()| self.any_column(&scope).map_or("1".into(), |c| c.name));
        let sets = match self.below(5) {
            0 => format!("CUBE ({a}, {b})"),
            1 => format!("GROUPING SETS (({a}, {b}), ({a}), ())"),
            2 => format!("ROLLUP ({a}), {b}"),
            3 => format!("DISTINCT ROLLUP ({a}, {b}), CUBE ({a})"),
            _ => format!("{a}, {b}"),
        };
        let value = self.aggregate(Int, 1, &scope, &[]);
        format!(
            "SELECT {a}, {b}, grouping({a}), {value}{from} WHERE {} GROUP BY {sets}",
            self.condition(1, &scope)
        )
    }

    fn within_group(&mut self) -> String {
        let (from, scope) = self.from(1);
        let (int, text) = (self.expr(Int, 1, &scope), self.expr(Text, 1, &scope));
        let what = match self.below(5) {
            0 => format!("percentile_cont(0.5) WITHIN GROUP (ORDER BY {int})"),
            1 => format!("percentile_disc(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY {text})"),
            2 => format!("mode() WITHIN GROUP (ORDER BY {text} DESC)"),
            3 => format!("rank({}) WITHIN GROUP (ORDER BY {int})", self.pick(INTS)),
            _ => format!("cume_dist({}) WITHIN GROUP (ORDER BY {text})", self.pick(TEXTS)),
        };
        let filter = self.condition(1, &scope);
        format!("SELECT {what}, avg({int}), stddev({int}) FILTER (WHERE {filter}){from}")
    }

    fn arrays(&mut self) -> String {
        let (from, scope) = self.from(1);
        let kind = self.kind();
        let value = self.expr(kind, 1, &scope);
        let filter = self.condition(1, &scope);
        match self.below(6) {
            0 => format!("SELECT array_agg({value} ORDER BY {value}){from} WHERE {filter}"),
            1 => format!("SELECT (array_agg({value} ORDER BY {value}))[1:2]{from} WHERE {filter}"),
            2 => format!("SELECT ARRAY(SELECT {value}{from} WHERE {filter} ORDER BY 1)"),
            3 => format!("SELECT unnest(ARRAY[{value}, {value}]){from} WHERE {filter}"),
            4 => format!(
                "SELECT array_length(ARRAY[{value}], 1), (ARRAY[{value}])[1]{from} WHERE {filter}"
            ),
            _ => format!(
                "SELECT {value} = ANY (ARRAY(SELECT {value} FROM note)){from} WHERE {filter}"
            ),
        }
    }

    fn composite(&mut self) -> String {
        let (table, scope) = self.one(0, "p");
        let filter = self.condition(1, &scope);
        let value = self.some_expr(&scope);
        let what = match self.below(12) {
            0 => "(p).email".to_owned(),
            1 => "(p).*".to_owned(),
            2 => "email(p), name(p)".to_owned(),
            3 => "p::text".to_owned(),
            4 => format!("ROW(p.*, {value})::text"),
            5 => "p IS NULL, p IS NOT NULL".to_owned(),
            6 => "count(DISTINCT p)".to_owned(),
            7 => "(SELECT (q).name FROM person q WHERE q = p)".to_owned(),
            8 => "(p.*)::text, concat(p), format('%s', p)".to_owned(),
            9 => "(x).name".to_owned(),
            10 => format!("ROW(p.id, {value}) = ROW(1, {value})"),
            _ => "p = p".to_owned(),
        };
        let table = if what.starts_with("(x)") {
            format!("(SELECT p AS x, p.* FROM {table}) p")
        } else {
            table
        };
        format!("SELECT {what} FROM {table} WHERE {filter}")
    }

    fn json(&mut self) -> String {
        let (table, scope) = self.some_table();
        let value = self.some_expr(&scope);
        let filter = self.condition(1, &scope);
        let what = match self.below(8) {
            0 => "jsonb_agg(to_jsonb(p) ORDER BY p.id)".to_owned(),
            1 => format!("jsonb_object_agg(p.id, {value})"),
            2 => format!("json_build_object('k', {value}, 'r', p)"),
            3 => "to_jsonb(p) - 'id'".to_owned(),
            4 => "jsonb_path_query(to_jsonb(p), '$.*')::text".to_owned(),
            5 => "(jsonb_populate_record(NULL::note, to_jsonb(p))).text".to_owned(),
            6 => "(jsonb_each_text(to_jsonb(p))).value".to_owned(),
            _ => format!("to_jsonb({value}) || to_jsonb(p) #> '{{name}}'"),
        };
        format!("SELECT {what} FROM {table} WHERE {filter}")
    }

    fn frames(&mut self) -> String {
        let (table, scope) = self.some_table();
        let (int, text) = (self.expr(Int, 1, &scope), self.expr(Text, 1, &scope));
        let what = match self.below(8) {
            0 => format!("sum({int})"),
            1 => format!("first_value({text})"),
            2 => format!("lag({text}, 1, 'none')"),
            3 => format!("lead({int})"),
            4 => format!("nth_value({text}, 2)"),
            5 => format!("array_agg({int})"),
            6 => "ntile(2)".to_owned(),
            _ => format!("count({int}) FILTER (WHERE {})", self.condition(1, &scope)),
        };
        let by = if self.one_in(2) { format!("{int}, ") } else { String::new() };
        let frame = self.pick(&[
            "",
            " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW",
            " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
            " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
        ]);
        let partition = match self.one_in(3) {
            true => format!("PARTITION BY {text} "),
            false => String::new(),
        };
        let filter = self.condition(1, &scope);
        format!(
            "SELECT p.id, {what} OVER w FROM {table} WHERE {filter} \
             WINDOW w AS ({partition}ORDER BY {by}p.id{frame})"
        )
    }

    fn locking(&mut self) -> String {
        let (table, mut scope) = self.some_table();
        let join = match self.one_in(3) {
            true => {
                let (other, more) = self.one(2, "n");
                let on = self.equation(&scope, &more);
                scope.columns.extend(more.columns);
                format!(" JOIN {other} ON {on}")
            }
            false => String::new(),
        };
        let value = self.some_expr(&scope);
        let how = self.pick(&[
            "FOR UPDATE",
            "FOR SHARE",
            "FOR NO KEY UPDATE OF p",
            "FOR UPDATE SKIP LOCKED",
            "FOR KEY SHARE NOWAIT",
        ]);
        let filter = self.condition(1, &scope);
        format!("SELECT p.id, {value} FROM {table}{join} WHERE {filter} {how}")
    }

    fn sample(&mut self) -> String {
        let (table, scope) = self.some_table();
        let how = self.pick(&["SYSTEM (100)", "BERNOULLI (100)", "BERNOULLI (100) REPEATABLE (1)"]);
        let value = self.some_expr(&scope);
        format!("SELECT {value} FROM {table} TABLESAMPLE {how} WHERE {}", self.condition(1, &scope))
    }

    fn system_columns(&mut self) -> String {
        let (table, scope) = self.some_table();
        let what = self.pick(&[
            "p.ctid",
            "p.tableoid::regclass",
            "p.xmin IS NULL, p.cmin",
            "count(p.ctid)",
            "max(p.ctid::text)",
        ]);
        let also = self.pick(&["p.ctid > '(0,3)'", "p.xmax = 0", "p.tableoid > 0", "true"]);
        format!("SELECT {what} FROM {table} WHERE {also} AND {}", self.condition(1, &scope))
    }

    fn sets_of_rows(&mut self) -> String {
        let (table, scope) = self.some_table();
        let (int, text) = (self.expr(Int, 1, &scope), self.expr(Text, 1, &scope));
        let call = match self.below(4) {
            0 => format!("generate_series(1, least({int}, 5))"),
            1 => format!("unnest(string_to_array({text}, 'a'))"),
            2 => format!("regexp_split_to_table({text}, '[ @]')"),
            _ => format!("jsonb_array_elements_text(jsonb_build_array({text}, {int}))"),
        };
        let filter = self.condition(1, &scope);
        match self.below(3) {
            0 => format!("SELECT p.id, {call} FROM {table} WHERE {filter}"),
            1 => format!(
                "SELECT p.id, f.* FROM {table} CROSS JOIN LATERAL {call} WITH ORDINALITY f (v, n) \
                 WHERE {filter}"
            ),
            _ => {
                format!("SELECT f.v, count(*) FROM {table}, {call} f (v) WHERE {filter} GROUP BY 1")
            }
        }
    }

    fn merge(&mut self) -> String {
        let source = self.below(2) as usize;
        let (table, scope) = self.one(source, "p");
        let mut both = scope.clone();
        let (_, more) = self.one(2, "n");
        both.columns.extend(more.columns);
        let on = self.condition(1, &scope);
        let when = self.condition(1, &both);
        let (value, put) = (self.expr(Text, 1, &both), self.expr(Text, 1, &scope));
        format!(
            "MERGE INTO note n USING {table} ON n.id = p.id AND {on} WHEN MATCHED AND {when} THEN \
             UPDATE SET text = {value} WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN \
             INSERT VALUES (p.id + 4000, {put})"
        )
    }

    fn on_conflict(&mut self) -> String {
        let (table, scope) = self.one(0, "p");
        let (value, filter) = (self.expr(Text, 1, &scope), self.condition(1, &scope));
        let then = match self.below(3) {
            0 => "DO NOTHING".to_owned(),
            1 => "(id) DO UPDATE SET text = excluded.text".to_owned(),
            _ => {
                let (_, own) = self.one(2, "n");
                format!("(id) DO UPDATE SET text = 'x' WHERE {}", self.condition(1, &own))
            }
        };
        format!(
            "INSERT INTO note AS n SELECT p.id, {value} FROM {table} WHERE {filter} \
             ON CONFLICT {then} RETURNING *"
        )
    }

    fn prepared(&mut self) -> String {
        let (table, mut scope) = self.some_table();
        scope.columns.push(super::Column { name: "$1".to_owned(), kind: Int });
        scope.columns.push(super::Column { name: "$2".to_owned(), kind: Text });
        let (value, filter) = (self.some_expr(&scope), self.condition(1, &scope));
        // Prepared statements outlive the transaction.
        let name = format!("q{}", self.below(1_000_000_000));
        let (one, two) = (self.pick(INTS), self.pick(TEXTS));
        format!(
            "PREPARE {name} (integer, text) AS SELECT {value} FROM {table} WHERE {filter}; \
             EXECUTE {name} ({one}, {two})"
        )
    }

    fn set_operations(&mut self) -> String {
        let kinds = [self.kind(), self.kind()];
        let selects = [(); 3].map(|()| self.select(1, &Scope::default(), Some(&kinds)).0);
        let [one, two, three] = selects;
        let [how, and] = [(); 2].map(|()| {
            self.pick(&["UNION", "UNION ALL", "EXCEPT", "EXCEPT ALL", "INTERSECT", "INTERSECT ALL"])
        });
        match self.below(3) {
            0 => format!("({one}) {how} ({two} {and} {three}) ORDER BY 1, 2 LIMIT 3"),
            1 => format!("{one} {how} {two} {and} {three}"),
            _ => {
                format!("SELECT count(*), max(x) FROM (({one} {how} {two}) {and} {three}) t (x, y)")
            }
        }
    }

    fn numbers(&mut self) -> String {
        let (table, scope) = self.some_table();
        let (int, text) = (self.expr(Int, 1, &scope), self.expr(Text, 1, &scope));
        let what = match self.below(14) {
            0 => format!("{int}::smallint"),
            1 => format!("power({int}, 400)"),
            2 => format!("sqrt({int}), ln({int})"),
            3 => format!("chr({int})"),
            4 => format!("repeat('x', least({int}, 9))"),
            5 => format!("{int}::numeric(3, 1)"),
            6 => format!("to_date({text}, 'YYYY-MM-DD')"),
            7 => format!("{text}::json"),
            8 => format!("{text}::uuid"),
            9 => format!("{text}::interval"),
            10 => format!("({int}::bigint * 9223372036854775807)"),
            11 => format!("substr({text}, 1, {int})"),
            12 => format!("{text} ~ {text}"),
            _ => format!("to_char({int}, {text})"),
        };
        match self.below(3) {
            0 => format!("SELECT p.id FROM {table} WHERE ({what}) IS NOT NULL"),
            _ => format!("SELECT {what} FROM {table} WHERE {}", self.condition(1, &scope)),
        }
        .replace("(sqrt", "row(sqrt")
    }

    fn rows_compared(&mut self) -> String {
        let (table, scope) = self.some_table();
        let [a, b] = [(); 2].map(|()| self.expr(Int, 1, &scope));
        let [c, d] = [(); 2].map(|()| self.expr(Text, 1, &scope));
        let condition = match self.below(8) {
            0 => format!("({a}, {c}) < ({b}, {d})"),
            1 => format!("({a}, {c}) IN (SELECT id, text FROM note)"),
            2 => format!("({a}, {c}) NOT IN (SELECT q.id, q.item FROM purchase q)"),
            3 => format!("{a} BETWEEN SYMMETRIC {b} AND 3"),
            4 => format!("({a} > {b}) IS NOT UNKNOWN"),
            5 => format!("{c} SIMILAR TO {}", self.pick(TEXTS)),
            6 => format!("{a} > SOME (SELECT q.balance FROM person q WHERE q.name <> {c})"),
            _ => format!("({a}, {c}) IS DISTINCT FROM ({b}, {d})"),
        };
        format!("SELECT p.id, {} FROM {table} WHERE {condition}", self.some_expr(&scope))
    }

    fn whole(&mut self) -> String {
        let table = self.pick(&["person", "purchase", "note"]);
        match self.below(7) {
            0 => format!("TABLE {table}"),
            1 => format!("COPY {table} TO STDOUT"),
            2 => format!("COPY (TABLE {table}) TO STDOUT (FORMAT csv, HEADER)"),
            3 => format!("SELECT * FROM (TABLE {table}) x (k) WHERE k > 1"),
            4 => format!("COPY {table} (id) TO STDOUT (FORMAT binary)"),
            5 => {
                let (one, two) = (
                    self.single(Int, 1, &Scope::default()),
                    self.single(Text, 1, &Scope::default()),
                );
                format!("VALUES ({one}, {two}), (1, 'x')")
            }
            _ => format!("EXPLAIN (COSTS OFF) {}", self.whole_query()),
        }
    }
}
