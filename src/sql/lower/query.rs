//! Queries and select lists.

use sqlparser::ast::{self, GroupByExpr, SelectItem};

use super::super::resolve::AGGREGATES;
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
        let ast::Cte { alias, query, from, materialized: _, closing_paren_token } = cte;
        absent(from.is_some(), "FROM in a common table expression")?;
        let Alias { name, columns } = self.alias(alias)?;
        let close = self.analysis.token_at(closing_paren_token.0.span.start.column);
        let added = close.and_then(|close| self.analysis.added.get(&close));
        let added = added.into_iter().flatten().map(|added| (added.name, added.of.clone()));
        Ok(Cte { name, columns, query: self.query(query)?, added: added.collect() })
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
}

impl Lowering<'_> {
    /// Whether a sub-select can give one row at most: it aggregates all there are, or LIMIT 1.
    pub(super) fn gives_one_row(&self, query: &ast::Query) -> bool {
        let limited = match &query.limit_clause {
            Some(ast::LimitClause::LimitOffset {
                limit: Some(ast::Expr::Value(value)), ..
            }) => {
                matches!(&value.value, ast::Value::Number(n, _) if n == "1")
            }
            Some(
                ast::LimitClause::LimitOffset { .. } | ast::LimitClause::OffsetCommaLimit { .. },
            )
            | None => false,
        };
        let aggregates = |select: &ast::Select| {
            let ungrouped = matches!(&select.group_by, GroupByExpr::Expressions(exprs, modifiers)
                if exprs.is_empty() && modifiers.is_empty());
            ungrouped
                && !select.projection.is_empty()
                && select.projection.iter().all(|item| self.is_aggregate(item))
        };
        limited || matches!(query.body.as_ref(), ast::SetExpr::Select(select) if aggregates(select))
    }

    /// Whether an entry of a select list is an aggregate and nothing else.
    fn is_aggregate(&self, item: &SelectItem) -> bool {
        let (SelectItem::UnnamedExpr(ast::Expr::Function(call))
        | SelectItem::ExprWithAlias { expr: ast::Expr::Function(call), alias: _ }) = item
        else {
            return false;
        };
        let name = self.path(&call.name).ok().and_then(|path| path.last().copied());
        let name = name.and_then(|place| self.tokens.name(place));
        call.over.is_none() && name.is_some_and(|name| AGGREGATES.contains(&name.as_str()))
    }
}
