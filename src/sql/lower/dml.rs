//! INSERT, UPDATE, DELETE and MERGE.

use sqlparser::ast::{self, FromTable, Statement, UpdateTableFromKind};

use super::super::tree::*;
use super::{Lowered, Lowering, absent, unsupported};

impl Lowering<'_> {
    pub(super) fn dml(&self, statement: &Statement) -> Lowered<Dml> {
        if let Statement::Insert(insert) = statement {
            return Ok(Dml::Insert(self.insert(insert)?));
        }
        if let Statement::Update(update) = statement {
            return Ok(Dml::Update(self.update(update)?));
        }
        if let Statement::Delete(delete) = statement {
            return Ok(Dml::Delete(self.delete(delete)?));
        }
        if let Statement::Merge(merge) = statement {
            return Ok(Dml::Merge(self.merge(merge)?));
        }
        unsupported("this kind of statement")
    }

    fn insert(&self, insert: &ast::Insert) -> Lowered<Insert> {
        let ast::Insert {
            insert_token,
            optimizer_hints,
            or,
            ignore,
            into,
            table,
            table_alias,
            columns,
            by_name,
            overwrite,
            source,
            assignments,
            partitioned,
            after_columns,
            overriding: _,
            has_table_keyword,
            on,
            returning,
            output,
            replace_into,
            priority,
            insert_alias,
            settings,
            format_clause,
            multi_table_insert_type,
            multi_table_into_clauses,
            multi_table_when_clauses,
            multi_table_else_clause,
        } = insert;
        absent(!optimizer_hints.is_empty() || or.is_some() || *ignore, "INSERT OR and IGNORE")?;
        absent(!into || *by_name || *overwrite || *replace_into, "this form of INSERT")?;
        absent(!assignments.is_empty() || partitioned.is_some(), "INSERT … SET")?;
        absent(!after_columns.is_empty() || *has_table_keyword, "this form of INSERT")?;
        absent(output.is_some() || priority.is_some(), "OUTPUT in INSERT")?;
        absent(insert_alias.is_some() || settings.is_some(), "SETTINGS in INSERT")?;
        absent(format_clause.is_some() || multi_table_insert_type.is_some(), "FORMAT in INSERT")?;
        absent(
            !multi_table_into_clauses.is_empty()
                || !multi_table_when_clauses.is_empty()
                || multi_table_else_clause.is_some(),
            "INSERT into several tables",
        )?;
        Ok(Insert {
            keyword: self.token(insert_token.0.span.start.column, "INSERT")?,
            target: match table {
                ast::TableObject::TableName(name) => self.path(name)?,
                ast::TableObject::TableFunction(_) | ast::TableObject::TableQuery(_) => {
                    return unsupported("INSERT into something else than a table");
                }
            },
            alias: table_alias.as_ref().map(|alias| self.place(&alias.alias)).transpose()?,
            columns: columns.iter().map(|name| self.single(name)).collect::<Lowered<_>>()?,
            source: source.as_ref().map(|query| self.query(query)).transpose()?,
            conflict: match on {
                None => None,
                Some(ast::OnInsert::OnConflict(conflict)) => Some(self.conflict(conflict)?),
                Some(ast::OnInsert::DuplicateKeyUpdate(_)) => {
                    return unsupported("ON DUPLICATE KEY");
                }
                // The enum is open to extension: what it gains is refused.
                Some(_) => return unsupported("this clause of INSERT"),
            },
            returning: self.items(returning.as_deref().unwrap_or_default())?,
        })
    }

    fn conflict(&self, conflict: &ast::OnConflict) -> Lowered<Conflict> {
        let ast::OnConflict { conflict_target, action } = conflict;
        let mut out =
            Conflict { columns: Vec::new(), predicate: None, constraint: Vec::new(), update: None };
        match conflict_target {
            None => {}
            Some(ast::ConflictTarget::Columns { columns, predicate }) => {
                out.columns = self.places(columns)?;
                out.predicate = self.optional(predicate.as_ref())?;
            }
            Some(ast::ConflictTarget::OnConstraint(name)) => out.constraint = self.path(name)?,
        }
        match action {
            ast::OnConflictAction::DoNothing => {}
            ast::OnConflictAction::DoUpdate(ast::DoUpdate { assignments, selection }) => {
                let assignments = self.assignments(assignments)?;
                out.update = Some((assignments, self.optional(selection.as_ref())?));
            }
        }
        Ok(out)
    }

    fn assignments(&self, assignments: &[ast::Assignment]) -> Lowered<Vec<Assignment>> {
        assignments
            .iter()
            .map(|ast::Assignment { target, value }| {
                Ok(Assignment {
                    columns: match target {
                        ast::AssignmentTarget::ColumnName(name) => vec![self.single(name)?],
                        ast::AssignmentTarget::Tuple(names) => {
                            names.iter().map(|name| self.single(name)).collect::<Lowered<_>>()?
                        }
                    },
                    value: self.expr(value)?,
                })
            })
            .collect()
    }

    fn update(&self, update: &ast::Update) -> Lowered<Update> {
        let ast::Update {
            update_token,
            optimizer_hints,
            table,
            on_cluster,
            assignments,
            from,
            selection,
            returning,
            output,
            or,
            order_by,
            limit,
            settings,
        } = update;
        absent(!optimizer_hints.is_empty() || on_cluster.is_some(), "this form of UPDATE")?;
        absent(output.is_some() || or.is_some() || settings.is_some(), "this form of UPDATE")?;
        absent(!order_by.is_empty() || limit.is_some(), "ORDER BY and LIMIT in UPDATE")?;
        absent(!table.joins.is_empty(), "a join as target of UPDATE")?;
        let from = match from {
            None => Vec::new(),
            Some(UpdateTableFromKind::AfterSet(tables)) => {
                tables.iter().map(|item| self.joined(item)).collect::<Lowered<_>>()?
            }
            Some(UpdateTableFromKind::BeforeSet(_)) => return unsupported("FROM before SET"),
        };
        Ok(Update {
            keyword: self.token(update_token.0.span.start.column, "UPDATE")?,
            target: self.table(&table.relation)?,
            assignments: self.assignments(assignments)?,
            from,
            filter: self.optional(selection.as_ref())?,
            returning: self.items(returning.as_deref().unwrap_or_default())?,
        })
    }

    fn delete(&self, delete: &ast::Delete) -> Lowered<Delete> {
        let ast::Delete {
            delete_token,
            optimizer_hints,
            tables,
            from,
            on_cluster,
            using,
            selection,
            returning,
            output,
            order_by,
            limit,
            settings,
        } = delete;
        absent(!optimizer_hints.is_empty() || on_cluster.is_some(), "this form of DELETE")?;
        absent(!tables.is_empty() || output.is_some(), "this form of DELETE")?;
        absent(!order_by.is_empty() || limit.is_some(), "ORDER BY and LIMIT in DELETE")?;
        absent(settings.is_some(), "SETTINGS in DELETE")?;
        let target = match from {
            FromTable::WithFromKeyword(tables) => match tables.as_slice() {
                [table] if table.joins.is_empty() => self.table(&table.relation)?,
                _ => return unsupported("several targets of DELETE"),
            },
            FromTable::WithoutKeyword(_) => return unsupported("DELETE without FROM"),
        };
        let using = using.as_deref().unwrap_or_default();
        Ok(Delete {
            keyword: self.token(delete_token.0.span.start.column, "DELETE")?,
            target,
            using: using.iter().map(|item| self.joined(item)).collect::<Lowered<_>>()?,
            filter: self.optional(selection.as_ref())?,
            returning: self.items(returning.as_deref().unwrap_or_default())?,
        })
    }

    fn merge(&self, merge: &ast::Merge) -> Lowered<Merge> {
        let ast::Merge {
            merge_token,
            optimizer_hints,
            into: _,
            table,
            source,
            on,
            clauses,
            output,
        } = merge;
        absent(!optimizer_hints.is_empty(), "hints in MERGE")?;
        let returning = match output {
            None => Vec::new(),
            Some(ast::OutputClause::Returning { returning_token: _, select_items }) => {
                self.items(select_items)?
            }
            Some(ast::OutputClause::Output { .. }) => return unsupported("OUTPUT in MERGE"),
        };
        Ok(Merge {
            keyword: self.token(merge_token.0.span.start.column, "MERGE")?,
            target: self.table(table)?,
            source: self.factor(source)?,
            on: self.expr(on)?,
            clauses: clauses.iter().map(|clause| self.when(clause)).collect::<Lowered<_>>()?,
            returning,
        })
    }

    fn when(&self, clause: &ast::MergeClause) -> Lowered<When> {
        let ast::MergeClause { when_token, clause_kind, predicate, action } = clause;
        let matched = match clause_kind {
            ast::MergeClauseKind::Matched => Matched::Both,
            ast::MergeClauseKind::NotMatched | ast::MergeClauseKind::NotMatchedByTarget => {
                Matched::Source
            }
            ast::MergeClauseKind::NotMatchedBySource => Matched::Target,
        };
        Ok(When {
            keyword: self.token(when_token.0.span.start.column, "WHEN")?,
            matched,
            condition: self.optional(predicate.as_ref())?,
            action: self.action(action)?,
        })
    }

    fn action(&self, action: &ast::MergeAction) -> Lowered<Action> {
        Ok(match action {
            ast::MergeAction::DoNothing { do_token: _, nothing_token: _ } => Action::Nothing,
            ast::MergeAction::Delete { delete_token: _ } => Action::Delete,
            ast::MergeAction::Insert(insert) => {
                absent(insert.insert_predicate.is_some(), "WHERE in MERGE … INSERT")?;
                let columns = insert.columns.iter().map(|name| self.single(name));
                let columns = columns.collect::<Lowered<_>>()?;
                let values = match &insert.kind {
                    ast::MergeInsertKind::Values(values) => match values.rows.as_slice() {
                        [row] => self.exprs(&row.content)?,
                        _ => return unsupported("several rows in MERGE … INSERT"),
                    },
                    ast::MergeInsertKind::Row | ast::MergeInsertKind::Wildcard => {
                        return unsupported("this form of MERGE … INSERT");
                    }
                };
                Action::Insert { columns, values }
            }
            ast::MergeAction::Update(update) => {
                absent(update.update_predicate.is_some(), "WHERE in MERGE … UPDATE")?;
                absent(update.delete_predicate.is_some(), "DELETE in MERGE … UPDATE")?;
                match &update.kind {
                    ast::MergeUpdateKind::Set(assignments) => {
                        Action::Update(self.assignments(assignments)?)
                    }
                    ast::MergeUpdateKind::Wildcard => return unsupported("UPDATE *"),
                }
            }
        })
    }
}
