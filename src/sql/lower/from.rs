//! FROM: tables, functions, sub-selects, joins.

use sqlparser::ast::{self, JoinConstraint, JoinOperator, TableFactor};

use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::{Lowered, Lowering, absent, unsupported};

impl Lowering<'_> {
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
        let (nullable, constraint) = match join_operator {
            Op::Join(c) | Op::Inner(c) | Op::CrossJoin(c) => ((false, false), c),
            Op::Left(c) | Op::LeftOuter(c) => ((false, true), c),
            Op::Right(c) | Op::RightOuter(c) => ((true, false), c),
            Op::FullOuter(c) => ((true, true), c),
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
            nullable,
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
