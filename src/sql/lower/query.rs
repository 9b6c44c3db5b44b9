//! Queries, select lists and FROM.

use sqlparser::ast::{self, GroupByExpr, JoinConstraint, JoinOperator, SelectItem, TableFactor};

use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::{Lowered, Lowering, absent, unsupported};

impl Lowering<'_> {
    pub(super) fn query(&self, query: &ast::Query) -> Lowered<Query> {
        let ast::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        absent(for_clause.is_some(), "FOR XML and FOR JSON")?;
        absent(settings.is_some() || format_clause.is_some(), "SETTINGS and FORMAT")?;
        absent(!pipe_operators.is_empty(), "pipe operators")?;
        let (with, recursive) = match with {
            None => (Vec::new(), false),
            Some(ast::With { with_token: _, recursive, cte_tables }) => {
                let ctes = cte_tables.iter().map(|cte| self.cte(cte)).collect::<Lowered<_>>()?;
                (ctes, *recursive)
            }
        };
        Ok(Query {
            with,
            recursive,
            body: self.body(body)?,
            order_by: self.order_by(order_by.as_ref())?,
            limits: self.limits(limit_clause.as_ref(), fetch.as_ref())?,
            locked: self.locks(locks)?,
        })
    }

    fn cte(&self, cte: &ast::Cte) -> Lowered<Cte> {
        let ast::Cte { alias, query, from, materialized: _, closing_paren_token: _ } = cte;
        absent(from.is_some(), "FROM in a common table expression")?;
        let Alias { name, columns } = self.alias(alias)?;
        Ok(Cte { name, columns, query: self.query(query)? })
    }

    fn body(&self, body: &ast::SetExpr) -> Lowered<Body> {
        use ast::SetExpr;
        Ok(match body {
            SetExpr::Select(select) => Body::Select(Box::new(self.select(select)?)),
            SetExpr::Query(query) => Body::Query(Box::new(self.query(query)?)),
            SetExpr::SetOperation { op: _, set_quantifier, left, right } => {
                use ast::SetQuantifier;
                match set_quantifier {
                    SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                    SetQuantifier::ByName
                    | SetQuantifier::AllByName
                    | SetQuantifier::DistinctByName => return unsupported("BY NAME"),
                }
                Body::Set(Box::new(self.body(left)?), Box::new(self.body(right)?))
            }
            SetExpr::Values(values) => self.values(values)?,
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => Body::Dml(Box::new(self.dml(statement)?)),
            SetExpr::Table(_) => return unsupported("TABLE"),
        })
    }

    fn values(&self, values: &ast::Values) -> Lowered<Body> {
        let ast::Values { explicit_row, value_keyword, rows } = values;
        absent(*explicit_row || *value_keyword, "VALUES with ROW or VALUE")?;
        let rows = rows.iter().map(|row| self.exprs(&row.content)).collect::<Lowered<_>>()?;
        Ok(Body::Values(rows))
    }

    fn select(&self, select: &ast::Select) -> Lowered<Select> {
        let ast::Select {
            select_token,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        absent(!optimizer_hints.is_empty() || select_modifiers.is_some(), "select modifiers")?;
        absent(top.is_some() || exclude.is_some(), "TOP and EXCLUDE")?;
        absent(into.is_some(), "SELECT INTO")?;
        absent(!lateral_views.is_empty() || prewhere.is_some(), "LATERAL VIEW and PREWHERE")?;
        absent(!connect_by.is_empty() || qualify.is_some(), "CONNECT BY and QUALIFY")?;
        absent(!cluster_by.is_empty() || !distribute_by.is_empty(), "CLUSTER BY")?;
        absent(!sort_by.is_empty() || value_table_mode.is_some(), "SORT BY and AS STRUCT")?;
        match flavor {
            ast::SelectFlavor::Standard => {}
            ast::SelectFlavor::FromFirst | ast::SelectFlavor::FromFirstNoSelect => {
                return unsupported("FROM before SELECT");
            }
        }
        let (group_by, plain_grouping) = self.group_by(group_by)?;
        let (windows, window_parts) = self.named_windows(named_window)?;
        Ok(Select {
            keyword: self.token(select_token.0.span.start.column, "SELECT")?,
            distinct_on: match distinct {
                None | Some(ast::Distinct::All | ast::Distinct::Distinct) => Vec::new(),
                Some(ast::Distinct::On(exprs)) => self.exprs(exprs)?,
            },
            items: self.items(projection)?,
            from: from.iter().map(|item| self.joined(item)).collect::<Lowered<_>>()?,
            filter: self.optional(selection.as_ref())?,
            group_by,
            plain_grouping,
            having: self.optional(having.as_ref())?,
            windows,
            window_parts,
        })
    }

    pub(super) fn items(&self, items: &[SelectItem]) -> Lowered<Vec<Item>> {
        items.iter().map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &SelectItem) -> Lowered<Item> {
        use ast::SelectItemQualifiedWildcardKind as Kind;
        Ok(match item {
            SelectItem::UnnamedExpr(expr) => Item::Expr { expr: self.expr(expr)?, alias: None },
            SelectItem::ExprWithAlias { expr, alias } => {
                Item::Expr { expr: self.expr(expr)?, alias: Some(self.place(alias)?) }
            }
            SelectItem::ExprWithAliases { expr: _, aliases: _ } => {
                return unsupported("several aliases");
            }
            SelectItem::QualifiedWildcard(Kind::ObjectName(name), options) => {
                Item::Star { path: self.path(name)?, star: self.star(options)? }
            }
            SelectItem::QualifiedWildcard(Kind::Expr(expr), options) => {
                self.star(options)?;
                Item::Expr { expr: self.expr(expr)?, alias: None }
            }
            SelectItem::Wildcard(options) => {
                Item::Star { path: Vec::new(), star: self.star(options)? }
            }
        })
    }

    fn star(&self, options: &ast::WildcardAdditionalOptions) -> Lowered<Place> {
        let ast::WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        absent(opt_ilike.is_some() || opt_exclude.is_some(), "options of a star")?;
        absent(opt_except.is_some() || opt_replace.is_some(), "options of a star")?;
        absent(opt_rename.is_some() || opt_alias.is_some(), "options of a star")?;
        self.token(wildcard_token.0.span.start.column, "a star")
    }

    fn group_by(&self, group_by: &GroupByExpr) -> Lowered<(Vec<Expr>, bool)> {
        let (exprs, modifiers) = match group_by {
            GroupByExpr::All(_) => return unsupported("GROUP BY ALL"),
            GroupByExpr::Expressions(exprs, modifiers) => (exprs, modifiers),
        };
        absent(!modifiers.is_empty(), "GROUP BY … WITH")?;
        let plain = !exprs.iter().any(|expr| {
            matches!(expr, ast::Expr::GroupingSets(_) | ast::Expr::Cube(_) | ast::Expr::Rollup(_))
        });
        Ok((self.exprs(exprs)?, plain))
    }

    pub(super) fn order_by(&self, order_by: Option<&ast::OrderBy>) -> Lowered<Vec<Expr>> {
        let Some(ast::OrderBy { kind, interpolate }) = order_by else { return Ok(Vec::new()) };
        absent(interpolate.is_some(), "INTERPOLATE")?;
        match kind {
            ast::OrderByKind::All(_) => unsupported("ORDER BY ALL"),
            ast::OrderByKind::Expressions(exprs) => self.sort_keys(exprs),
        }
    }

    pub(super) fn sort_keys(&self, keys: &[ast::OrderByExpr]) -> Lowered<Vec<Expr>> {
        keys.iter()
            .map(|key| {
                let ast::OrderByExpr { expr, options, with_fill } = key;
                absent(with_fill.is_some(), "WITH FILL")?;
                match &options.sort {
                    None | Some(ast::OrderBySort::Asc | ast::OrderBySort::Desc) => {}
                    Some(ast::OrderBySort::Using(_)) => return unsupported("ORDER BY … USING"),
                }
                self.expr(expr)
            })
            .collect()
    }

    fn limits(
        &self,
        limit: Option<&ast::LimitClause>,
        fetch: Option<&ast::Fetch>,
    ) -> Lowered<Vec<Expr>> {
        let mut exprs = Vec::new();
        match limit {
            None => {}
            Some(ast::LimitClause::LimitOffset { limit, offset, limit_by }) => {
                absent(!limit_by.is_empty(), "LIMIT BY")?;
                exprs.extend(self.optional(limit.as_ref())?);
                exprs.extend(self.optional(offset.as_ref().map(|o| &o.value))?);
            }
            Some(ast::LimitClause::OffsetCommaLimit { offset: _, limit: _ }) => {
                return unsupported("LIMIT with a comma");
            }
        }
        if let Some(ast::Fetch { with_ties: _, percent, quantity }) = fetch {
            absent(*percent, "FETCH … PERCENT")?;
            exprs.extend(self.optional(quantity.as_ref())?);
        }
        Ok(exprs)
    }

    fn locks(&self, locks: &[ast::LockClause]) -> Lowered<Vec<Place>> {
        let mut places = Vec::new();
        for ast::LockClause { lock_type: _, of, nonblock: _ } in locks {
            if let Some(name) = of {
                places.push(self.single(name)?);
            }
        }
        Ok(places)
    }

    fn named_windows(
        &self,
        windows: &[ast::NamedWindowDefinition],
    ) -> Lowered<(Vec<Place>, Vec<Expr>)> {
        let (mut names, mut parts) = (Vec::new(), Vec::new());
        for ast::NamedWindowDefinition(name, window) in windows {
            names.push(self.place(name)?);
            match window {
                ast::NamedWindowExpr::NamedWindow(_) => return unsupported("a renamed window"),
                ast::NamedWindowExpr::WindowSpec(spec) => {
                    parts.extend(self.window(spec, &mut names)?);
                }
            }
        }
        Ok((names, parts))
    }

    pub(super) fn joined(&self, tables: &ast::TableWithJoins) -> Lowered<FromItem> {
        let ast::TableWithJoins { relation, joins } = tables;
        let mut item = self.factor(relation)?;
        for join in joins {
            item = self.join(item, join)?;
        }
        Ok(item)
    }

    fn join(&self, left: FromItem, join: &ast::Join) -> Lowered<FromItem> {
        use JoinOperator as Op;
        let ast::Join { relation, global, join_operator } = join;
        absent(*global, "GLOBAL JOIN")?;
        let (inner, constraint) = match join_operator {
            Op::Join(c) | Op::Inner(c) | Op::CrossJoin(c) => (true, c),
            Op::Left(c)
            | Op::LeftOuter(c)
            | Op::Right(c)
            | Op::RightOuter(c)
            | Op::FullOuter(c) => (false, c),
            Op::Semi(_)
            | Op::LeftSemi(_)
            | Op::RightSemi(_)
            | Op::Anti(_)
            | Op::LeftAnti(_)
            | Op::RightAnti(_)
            | Op::CrossApply
            | Op::OuterApply
            | Op::AsOf { match_condition: _, constraint: _ }
            | Op::StraightJoin(_)
            | Op::ArrayJoin
            | Op::LeftArrayJoin
            | Op::InnerArrayJoin => return unsupported("this kind of join"),
        };
        let mut out = Join {
            left,
            right: self.factor(relation)?,
            inner,
            on: None,
            using: Vec::new(),
            using_alias: None,
            natural: false,
        };
        let columns = |names: &[ast::ObjectName]| {
            names.iter().map(|name| self.single(name)).collect::<Lowered<Vec<_>>>()
        };
        match constraint {
            JoinConstraint::None => {}
            JoinConstraint::Natural => out.natural = true,
            JoinConstraint::On(expr) => out.on = Some(self.expr(expr)?),
            JoinConstraint::Using(names) => out.using = columns(names)?,
            JoinConstraint::UsingAlias(names, alias) => {
                out.using = columns(names)?;
                out.using_alias = Some(self.place(alias)?);
            }
        }
        Ok(FromItem::Join(Box::new(out)))
    }

    pub(super) fn factor(&self, factor: &TableFactor) -> Lowered<FromItem> {
        match factor {
            TableFactor::Table { args: None, .. } => Ok(FromItem::Relation(self.table(factor)?)),
            TableFactor::Table { name, alias, args: Some(args), with_ordinality, .. } => {
                self.table_is_function(factor)?;
                let call = self.named_call(name, &args.args)?;
                self.function(vec![call], name, alias.as_ref(), *with_ordinality)
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                absent(sample.is_some(), "TABLESAMPLE of a sub-select")?;
                Ok(FromItem::Derived {
                    lateral: *lateral,
                    query: Box::new(self.query(subquery)?),
                    alias: self.optional_alias(alias.as_ref())?,
                })
            }
            TableFactor::Function { lateral: _, name, args, with_ordinality, alias } => {
                let call = self.named_call(name, args)?;
                self.function(vec![call], name, alias.as_ref(), *with_ordinality)
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                absent(*with_offset || with_offset_alias.is_some(), "WITH OFFSET")?;
                Ok(FromItem::Function {
                    calls: self.exprs(array_exprs)?,
                    name: None,
                    alias: self.optional_alias(alias.as_ref())?,
                    ordinality: *with_ordinality,
                })
            }
            TableFactor::NestedJoin { table_with_joins, alias } => Ok(FromItem::Nested {
                item: Box::new(self.joined(table_with_joins)?),
                alias: self.optional_alias(alias.as_ref())?,
            }),
            TableFactor::TableFunction { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::MatchRecognize { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => unsupported("this kind of FROM item"),
        }
    }

    fn function(
        &self,
        calls: Vec<Expr>,
        name: &ast::ObjectName,
        alias: Option<&ast::TableAlias>,
        ordinality: bool,
    ) -> Lowered<FromItem> {
        let name = self.path(name)?.last().copied();
        Ok(FromItem::Function { calls, name, alias: self.optional_alias(alias)?, ordinality })
    }

    /// The parts of a table that a function in FROM cannot have.
    fn table_is_function(&self, factor: &TableFactor) -> Lowered<()> {
        let TableFactor::Table { with_hints, version, partitions, json_path, sample, args, .. } =
            factor
        else {
            return unsupported("this kind of FROM item");
        };
        absent(!with_hints.is_empty() || version.is_some(), "table hints")?;
        absent(!partitions.is_empty() || json_path.is_some(), "PARTITION")?;
        absent(args.as_ref().is_some_and(|a| a.settings.is_some()), "SETTINGS")?;
        absent(sample.is_some(), "TABLESAMPLE of a function")
    }

    /// A plain relation with all it may carry.
    pub(super) fn table(&self, factor: &TableFactor) -> Lowered<Relation> {
        let TableFactor::Table {
            name,
            alias,
            args: None,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_directives,
            inheritance,
        } = factor
        else {
            return unsupported("something else than a table");
        };
        absent(!with_hints.is_empty() || version.is_some(), "table hints")?;
        absent(*with_ordinality || !partitions.is_empty(), "WITH ORDINALITY of a table")?;
        absent(json_path.is_some() || !index_directives.is_empty(), "index hints")?;
        let path = self.path(name)?;
        let (Some(first), Some(last)) = (path.first(), path.last()) else {
            return unsupported("a table without a name");
        };
        let mut range = TokenRange::new(*first, *last + 1);
        let only = match inheritance {
            None => false,
            Some(ast::TableInheritance::Only { parenthesized }) => {
                let outer = usize::from(*parenthesized);
                range = TokenRange::new(range.start - 1 - outer, range.end + outer);
                true
            }
            Some(ast::TableInheritance::IncludeDescendants) => {
                range.end += 1;
                false
            }
        };
        Ok(Relation {
            path,
            range,
            only,
            alias: self.optional_alias(alias.as_ref())?,
            sample: self.sample(sample.as_ref())?,
            sampled: sample.is_some(),
        })
    }

    fn sample(&self, sample: Option<&ast::TableSampleKind>) -> Lowered<Vec<Expr>> {
        let sample = match sample {
            None => return Ok(Vec::new()),
            Some(
                ast::TableSampleKind::BeforeTableAlias(sample)
                | ast::TableSampleKind::AfterTableAlias(sample),
            ) => sample,
        };
        let ast::TableSample { modifier: _, name: _, quantity, seed: _, bucket, offset } =
            sample.as_ref();
        absent(bucket.is_some() || offset.is_some(), "this form of TABLESAMPLE")?;
        Ok(self.optional(quantity.as_ref().map(|q| &q.value))?.into_iter().collect())
    }

    pub(super) fn alias(&self, alias: &ast::TableAlias) -> Lowered<Alias> {
        let ast::TableAlias { explicit: _, name, columns, at } = alias;
        absent(at.is_some(), "AT in an alias")?;
        Ok(Alias {
            name: self.place(name)?,
            columns: self.places(columns.iter().map(|column| &column.name))?,
        })
    }

    fn optional_alias(&self, alias: Option<&ast::TableAlias>) -> Lowered<Option<Alias>> {
        alias.map(|alias| self.alias(alias)).transpose()
    }
}
