//! Expressions.

use sqlparser::ast::{self, BinaryOperator, Expr as Sql, UnaryOperator};

use super::super::lexer::TokenKind;
use super::super::tree::*;
use super::operator::{Operation, kind};
use super::{Lowered, Lowering, absent, unsupported};

impl Lowering<'_> {
    pub(super) fn exprs(&self, exprs: &[Sql]) -> Lowered<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn optional(&self, expr: Option<&Sql>) -> Lowered<Option<Expr>> {
        expr.map(|expr| self.expr(expr)).transpose()
    }

    fn all(&self, exprs: &[&Sql]) -> Lowered<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn with(&self, first: &[&Sql], rest: &[Option<&Sql>]) -> Lowered<Expr> {
        let mut parts = self.all(first)?;
        for expr in rest.iter().flatten() {
            parts.push(self.expr(expr)?);
        }
        Ok(Expr::Strict(parts))
    }

    pub(super) fn expr(&self, expr: &Sql) -> Lowered<Expr> {
        match expr {
            Sql::Identifier(ident) => self.column(std::slice::from_ref(ident)),
            Sql::CompoundIdentifier(idents) => self.column(idents),
            Sql::CompoundFieldAccess { root, access_chain } => self.fields(root, access_chain),
            Sql::Nested(inner) => Ok(Expr::Paren(Box::new(self.expr(inner)?))),
            Sql::Value(value) => self.constant(value),
            Sql::BinaryOp { left, op, right } => self.binary(left, op, right),
            Sql::UnaryOp { op, expr } => self.unary(*op, expr),
            Sql::Function(function) => self.call(function),
            Sql::Exists { subquery, negated: _ } => {
                Ok(Expr::Query(Box::new(self.query(subquery)?)))
            }
            // More than one row is an error.
            Sql::Subquery(subquery) => {
                let calm = self.gives_one_row(subquery);
                Ok(Expr::Parts { parts: vec![Expr::Query(Box::new(self.query(subquery)?))], calm })
            }
            Sql::QualifiedWildcard(name, _) => Ok(Expr::Row(self.path(name)?)),
            Sql::IsFalse(e)
            | Sql::IsNotFalse(e)
            | Sql::IsTrue(e)
            | Sql::IsNotTrue(e)
            | Sql::IsNull(e)
            | Sql::IsNotNull(e)
            | Sql::IsUnknown(e)
            | Sql::IsNotUnknown(e) => Ok(Expr::calm(vec![self.expr(e)?])),
            Sql::IsDistinctFrom(a, b) | Sql::IsNotDistinctFrom(a, b) => {
                Ok(Expr::calm(self.all(&[a, b])?))
            }
            Sql::Between { expr, negated: _, low, high } => {
                Ok(Expr::calm(self.all(&[expr, low, high])?))
            }
            Sql::In { expr, target, negated, global } => {
                absent(*global, "GLOBAL IN")?;
                self.in_target(expr, target, *negated)
            }
            Sql::AnyOp { left, compare_op, right, is_some: _ }
            | Sql::AllOp { left, compare_op, right } => {
                let parts = self.all(&[left, right])?;
                let calm = matches!(kind(compare_op), Operation::Calm | Operation::Equal);
                Ok(Expr::Parts { parts, calm })
            }
            Sql::Tuple(exprs) => Ok(Expr::calm(self.exprs(exprs)?)),
            Sql::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                let mut parts: Vec<Expr> = self.optional(operand.as_deref())?.into_iter().collect();
                for ast::CaseWhen { condition, result } in conditions {
                    parts.extend(self.all(&[condition, result])?);
                }
                parts.extend(self.optional(else_result.as_deref())?);
                Ok(Expr::calm(parts))
            }
            Sql::Array(ast::Array { elem, named: _ }) => Ok(Expr::calm(self.exprs(elem)?)),
            Sql::GroupingSets(sets) | Sql::Cube(sets) | Sql::Rollup(sets) => {
                let parts = sets.iter().flatten().map(|e| self.expr(e)).collect::<Lowered<_>>()?;
                Ok(Expr::parts(parts))
            }
            other => self.special(other),
        }
    }

    /// Forms with a syntax of their own.
    fn special(&self, expr: &Sql) -> Lowered<Expr> {
        match expr {
            Sql::IsNormalized { expr, .. } | Sql::IsJson { expr, .. } => {
                Ok(Expr::parts(vec![self.expr(expr)?]))
            }
            Sql::Like { expr, pattern, escape_char, any, negated: _ }
            | Sql::ILike { expr, pattern, escape_char, any, negated: _ } => {
                let mut parts = self.all(&[expr, pattern])?;
                let calm = !any && escape_char.is_none() && self.is_plain_pattern(parts.last());
                parts.extend(self.optional(escape_char.as_deref())?);
                Ok(if calm { Expr::calm(parts) } else { Expr::Strict(parts) })
            }
            Sql::SimilarTo { expr, pattern, escape_char, negated: _ } => {
                self.with(&[expr, pattern], &[escape_char.as_deref()])
            }
            Sql::Cast { kind: _, expr, data_type, format } => {
                absent(format.is_some(), "CAST … FORMAT")?;
                let parts = self.all(&[expr])?;
                // A literal is converted before any row is looked at. A domain may refuse NULL.
                Ok(match (expr.as_ref(), data_type) {
                    (Sql::Value(value), _) if !is_parameter(value) => Expr::calm(parts),
                    (_, ast::DataType::Custom(_, _)) => Expr::parts(parts),
                    (_, _) => Expr::Strict(parts),
                })
            }
            Sql::AtTimeZone { timestamp, time_zone } => self.with(&[timestamp, time_zone], &[]),
            Sql::Extract { field: _, syntax: _, expr }
            | Sql::Ceil { expr, field: _ }
            | Sql::Floor { expr, field: _ } => self.with(&[expr], &[]),
            Sql::Position { expr, r#in } => self.with(&[expr, r#in], &[]),
            Sql::Substring { expr, substring_from, substring_for, special: _, shorthand: _ } => {
                self.with(&[expr], &[substring_from.as_deref(), substring_for.as_deref()])
            }
            Sql::Trim { trim_where: _, trim_what, expr, trim_characters } => {
                let mut parts = self.all(&[expr])?;
                parts.extend(self.optional(trim_what.as_deref())?);
                parts.extend(self.exprs(trim_characters.as_deref().unwrap_or_default())?);
                Ok(Expr::Strict(parts))
            }
            Sql::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.with(&[expr, overlay_what, overlay_from], &[overlay_for.as_deref()])
            }
            Sql::Collate { expr, collation: _ } => self.with(&[expr], &[]),
            Sql::TypedString(ast::TypedString { data_type: _, value, uses_odbc_syntax }) => {
                absent(*uses_odbc_syntax, "ODBC literals")?;
                // The type may change the value, `varchar(3) 'abcd'`: it is a cast like others.
                Ok(Expr::calm(vec![self.constant(value)?]))
            }
            Sql::Interval(ast::Interval {
                value,
                leading_field: _,
                leading_precision: _,
                last_field: _,
                fractional_seconds_precision: _,
            }) => {
                let calm = matches!(value.as_ref(), Sql::Value(_));
                Ok(Expr::Parts { parts: self.all(&[value])?, calm })
            }
            other => foreign(other),
        }
    }

    /// A literal pattern without an escape: matching it raises nothing.
    fn is_plain_pattern(&self, pattern: Option<&Expr>) -> bool {
        let Some(Expr::Constant(place)) = pattern else { return false };
        matches!(self.tokens.kind(*place), Some(TokenKind::Text(text)) if !text.contains('\\'))
    }

    fn column(&self, idents: &[ast::Ident]) -> Lowered<Expr> {
        let path = self.places(idents)?;
        // Reserved words: unquoted they are no column.
        let word = match path.as_slice() {
            [place] => self.tokens.word(*place).unwrap_or(""),
            _ => "",
        };
        Ok(match word {
            "default" | "current_role" | "current_schema" => Expr::calm(Vec::new()),
            _ => Expr::Column(path),
        })
    }

    fn constant(&self, value: &ast::ValueWithSpan) -> Lowered<Expr> {
        let place = self.analysis.token_at(value.span.start.column);
        Ok(match place {
            Some(place) => Expr::Constant(place),
            None => Expr::parts(Vec::new()),
        })
    }

    fn fields(&self, root: &Sql, chain: &[ast::AccessExpr]) -> Lowered<Expr> {
        // `p.doc['a']` is a subscript of a column: a field only follows what is no bare name.
        let dotted = chain.iter().map_while(|access| match access {
            ast::AccessExpr::Dot(Sql::Identifier(ident)) => Some(ident.clone()),
            ast::AccessExpr::Dot(_) | ast::AccessExpr::Subscript(_) => None,
        });
        let (mut out, named) = match root {
            Sql::Identifier(first) => {
                let path: Vec<_> = std::iter::once(first.clone()).chain(dotted).collect();
                (self.column(&path)?, path.len() - 1)
            }
            _ => (self.expr(root)?, 0),
        };
        for access in chain.iter().skip(named) {
            out = match access {
                ast::AccessExpr::Dot(Sql::Identifier(ident)) => {
                    Expr::Field(Box::new(out), self.place(ident)?)
                }
                ast::AccessExpr::Dot(_) => return unsupported("this form of field access"),
                ast::AccessExpr::Subscript(subscript) => {
                    let mut parts = vec![out];
                    parts.extend(self.subscript(subscript)?);
                    Expr::Strict(parts)
                }
            };
        }
        Ok(out)
    }

    fn subscript(&self, subscript: &ast::Subscript) -> Lowered<Vec<Expr>> {
        match subscript {
            ast::Subscript::Index { index } => Ok(vec![self.expr(index)?]),
            ast::Subscript::Slice { lower_bound, upper_bound, stride } => {
                absent(stride.is_some(), "a slice with a stride")?;
                let bounds = [lower_bound.as_ref(), upper_bound.as_ref()];
                bounds.into_iter().flatten().map(|bound| self.expr(bound)).collect()
            }
        }
    }

    fn unary(&self, op: UnaryOperator, expr: &Sql) -> Lowered<Expr> {
        let inner = self.expr(expr)?;
        Ok(match op {
            UnaryOperator::Not => Expr::calm(vec![inner]),
            UnaryOperator::Plus
            | UnaryOperator::Minus
            | UnaryOperator::AtDashAt
            | UnaryOperator::BangNot
            | UnaryOperator::BitwiseNot
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::PGAbs
            | UnaryOperator::PGCubeRoot
            | UnaryOperator::PGPostfixFactorial
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => Expr::Strict(vec![inner]),
        })
    }

    /// Only AND and `=` keep their shape: rules that depend on shape look at nothing else.
    fn binary(&self, left: &Sql, op: &BinaryOperator, right: &Sql) -> Lowered<Expr> {
        let (l, r) = (self.expr(left)?, self.expr(right)?);
        Ok(match kind(op) {
            Operation::And => Expr::And(Box::new(l), Box::new(r)),
            Operation::Equal => Expr::Equal(Box::new(l), Box::new(r)),
            Operation::Calm => Expr::calm(vec![l, r]),
            Operation::Sum => Expr::Sum(Box::new(l), Box::new(r)),
            Operation::Strict => Expr::Strict(vec![l, r]),
            Operation::Other => Expr::parts(vec![l, r]),
            Operation::Foreign => return unsupported("this operator"),
        })
    }

    fn in_target(&self, expr: &Sql, target: &ast::InTarget, negated: bool) -> Lowered<Expr> {
        let mut parts = vec![self.expr(expr)?];
        match target {
            // IN of one value is `=`.
            ast::InTarget::List(list) if list.len() == 1 && !negated => {
                parts.extend(self.exprs(list)?);
                if let (Some(value), Some(left)) = (parts.pop(), parts.pop()) {
                    return Ok(Expr::Equal(Box::new(left), Box::new(value)));
                }
            }
            ast::InTarget::List(list) => parts.extend(self.exprs(list)?),
            ast::InTarget::Subquery(query) => {
                parts.push(Expr::Query(Box::new(self.query(query)?)));
            }
            ast::InTarget::Unnest(_) | ast::InTarget::Table { .. } => {
                return unsupported("this form of IN");
            }
        }
        Ok(Expr::calm(parts))
    }
}

fn is_parameter(value: &ast::ValueWithSpan) -> bool {
    matches!(value.value, ast::Value::Placeholder(_))
}

/// Forms that are not PostgreSQL's. Names every variant: one the grammar gains does not compile.
fn foreign(expr: &Sql) -> Lowered<Expr> {
    use Sql as S;
    match expr {
        S::Named { .. }
        | S::Prefixed { .. }
        | S::JsonAccess { .. }
        | S::RLike { .. }
        | S::Convert { .. }
        | S::Struct { .. }
        | S::Dictionary(_)
        | S::Map(_)
        | S::MatchAgainst { .. }
        | S::Wildcard(_)
        | S::OuterJoin(_)
        | S::Prior(_)
        | S::Lambda(_)
        | S::MemberOf(_) => unsupported("this form of expression"),
        // INVARIANT: `expr` and `special` have taken these; refused should one come here.
        S::Identifier(_)
        | S::CompoundIdentifier(_)
        | S::CompoundFieldAccess { .. }
        | S::Nested(_)
        | S::Value(_)
        | S::BinaryOp { .. }
        | S::UnaryOp { .. }
        | S::Function(_)
        | S::Exists { .. }
        | S::Subquery(_)
        | S::QualifiedWildcard(_, _)
        | S::IsFalse(_)
        | S::IsNotFalse(_)
        | S::IsTrue(_)
        | S::IsNotTrue(_)
        | S::IsNull(_)
        | S::IsNotNull(_)
        | S::IsUnknown(_)
        | S::IsNotUnknown(_)
        | S::IsDistinctFrom(_, _)
        | S::IsNotDistinctFrom(_, _)
        | S::Between { .. }
        | S::In { .. }
        | S::AnyOp { .. }
        | S::AllOp { .. }
        | S::Tuple(_)
        | S::Case { .. }
        | S::Array(_)
        | S::GroupingSets(_)
        | S::Cube(_)
        | S::Rollup(_)
        | S::IsNormalized { .. }
        | S::IsJson { .. }
        | S::Like { .. }
        | S::ILike { .. }
        | S::SimilarTo { .. }
        | S::Cast { .. }
        | S::AtTimeZone { .. }
        | S::Extract { .. }
        | S::Ceil { .. }
        | S::Floor { .. }
        | S::Position { .. }
        | S::Substring { .. }
        | S::Trim { .. }
        | S::Overlay { .. }
        | S::Collate { .. }
        | S::TypedString(_)
        | S::Interval(_) => unsupported("this form of expression"),
    }
}
