//! Expressions and calls.

use sqlparser::ast::{
    self, BinaryOperator, Expr as Sql, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentClause, FunctionArguments, UnaryOperator,
};

use super::super::tree::*;
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
        Ok(Expr::parts(parts))
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
            Sql::Exists { subquery, negated: _ } | Sql::Subquery(subquery) => {
                Ok(Expr::Query(Box::new(self.query(subquery)?)))
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
            Sql::In { expr, target, negated: _, global } => {
                absent(*global, "GLOBAL IN")?;
                self.in_target(expr, target)
            }
            Sql::AnyOp { left, compare_op: _, right, is_some: _ }
            | Sql::AllOp { left, compare_op: _, right } => {
                Ok(Expr::parts(self.all(&[left, right])?))
            }
            Sql::Tuple(exprs) => Ok(Expr::calm(self.exprs(exprs)?)),
            Sql::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                let mut parts: Vec<Expr> = self.optional(operand.as_deref())?.into_iter().collect();
                for ast::CaseWhen { condition, result } in conditions {
                    parts.extend(self.all(&[condition, result])?);
                }
                parts.extend(self.optional(else_result.as_deref())?);
                Ok(Expr::parts(parts))
            }
            Sql::Array(ast::Array { elem, named: _ }) => Ok(Expr::parts(self.exprs(elem)?)),
            Sql::GroupingSets(sets) | Sql::Cube(sets) | Sql::Rollup(sets) => {
                let parts = sets.iter().flatten().map(|e| self.expr(e)).collect::<Lowered<_>>()?;
                Ok(Expr::parts(parts))
            }
            other => self.special(other),
        }
    }

    /// Forms with a syntax of their own, and those that are not PostgreSQL's.
    fn special(&self, expr: &Sql) -> Lowered<Expr> {
        match expr {
            Sql::IsNormalized { expr, .. } | Sql::IsJson { expr, .. } => {
                Ok(Expr::parts(vec![self.expr(expr)?]))
            }
            Sql::Like { expr, pattern, escape_char, any, negated: _ }
            | Sql::ILike { expr, pattern, escape_char, any, negated: _ } => {
                absent(*any, "LIKE ANY")?;
                self.with(&[expr, pattern], &[escape_char.as_deref()])
            }
            Sql::SimilarTo { expr, pattern, escape_char, negated: _ } => {
                self.with(&[expr, pattern], &[escape_char.as_deref()])
            }
            Sql::Cast { kind: _, expr, data_type: _, format } => {
                absent(format.is_some(), "CAST … FORMAT")?;
                self.with(&[expr], &[])
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
                Ok(Expr::parts(parts))
            }
            Sql::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.with(&[expr, overlay_what, overlay_from], &[overlay_for.as_deref()])
            }
            Sql::Collate { expr, collation: _ } => self.with(&[expr], &[]),
            Sql::TypedString(ast::TypedString { data_type: _, value, uses_odbc_syntax }) => {
                absent(*uses_odbc_syntax, "ODBC literals")?;
                self.constant(value)
            }
            Sql::Interval(ast::Interval {
                value,
                leading_field: _,
                leading_precision: _,
                last_field: _,
                fractional_seconds_precision: _,
            }) => self.with(&[value], &[]),
            Sql::Named { .. }
            | Sql::Prefixed { .. }
            | Sql::JsonAccess { .. }
            | Sql::RLike { .. }
            | Sql::Convert { .. }
            | Sql::Struct { .. }
            | Sql::Dictionary(_)
            | Sql::Map(_)
            | Sql::MatchAgainst { .. }
            | Sql::Wildcard(_)
            | Sql::OuterJoin(_)
            | Sql::Prior(_)
            | Sql::Lambda(_)
            | Sql::MemberOf(_) => unsupported("this form of expression"),
            // INVARIANT: `expr` has taken these; a variant that reaches here is refused.
            Sql::Identifier(_)
            | Sql::CompoundIdentifier(_)
            | Sql::CompoundFieldAccess { .. }
            | Sql::Nested(_)
            | Sql::Value(_)
            | Sql::BinaryOp { .. }
            | Sql::UnaryOp { .. }
            | Sql::Function(_)
            | Sql::Exists { .. }
            | Sql::Subquery(_)
            | Sql::QualifiedWildcard(_, _)
            | Sql::IsFalse(_)
            | Sql::IsNotFalse(_)
            | Sql::IsTrue(_)
            | Sql::IsNotTrue(_)
            | Sql::IsNull(_)
            | Sql::IsNotNull(_)
            | Sql::IsUnknown(_)
            | Sql::IsNotUnknown(_)
            | Sql::IsDistinctFrom(_, _)
            | Sql::IsNotDistinctFrom(_, _)
            | Sql::Between { .. }
            | Sql::In { .. }
            | Sql::AnyOp { .. }
            | Sql::AllOp { .. }
            | Sql::Tuple(_)
            | Sql::Case { .. }
            | Sql::Array(_)
            | Sql::GroupingSets(_)
            | Sql::Cube(_)
            | Sql::Rollup(_) => unsupported("this form of expression"),
        }
    }

    fn column(&self, idents: &[ast::Ident]) -> Lowered<Expr> {
        Ok(Expr::Column(self.places(idents)?))
    }

    fn constant(&self, value: &ast::ValueWithSpan) -> Lowered<Expr> {
        let place = self.analysis.token_at(value.span.start.column);
        Ok(match place {
            Some(place) => Expr::Constant(place),
            None => Expr::parts(Vec::new()),
        })
    }

    fn fields(&self, root: &Sql, chain: &[ast::AccessExpr]) -> Lowered<Expr> {
        let mut out = self.expr(root)?;
        for access in chain {
            out = match access {
                ast::AccessExpr::Dot(Sql::Identifier(ident)) => {
                    Expr::Field(Box::new(out), self.place(ident)?)
                }
                ast::AccessExpr::Dot(_) => return unsupported("this form of field access"),
                ast::AccessExpr::Subscript(subscript) => {
                    let mut parts = vec![out];
                    parts.extend(self.subscript(subscript)?);
                    Expr::parts(parts)
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
            | UnaryOperator::QuestionPipe => Expr::parts(vec![inner]),
        })
    }

    /// Only AND and `=` keep their shape: rules that depend on shape look at nothing else.
    fn binary(&self, left: &Sql, op: &BinaryOperator, right: &Sql) -> Lowered<Expr> {
        let (l, r) = (self.expr(left)?, self.expr(right)?);
        Ok(match op {
            BinaryOperator::And => Expr::And(Box::new(l), Box::new(r)),
            BinaryOperator::Eq => Expr::Equal(Box::new(l), Box::new(r)),
            BinaryOperator::Or
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq => Expr::calm(vec![l, r]),
            BinaryOperator::Xor
            | BinaryOperator::DuckIntegerDivide
            | BinaryOperator::MyIntegerDivide
            | BinaryOperator::Match
            | BinaryOperator::Regexp
            | BinaryOperator::Glob
            | BinaryOperator::Assignment
            | BinaryOperator::Is
            | BinaryOperator::IsNot => return unsupported("this operator"),
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::StringConcat
            | BinaryOperator::Spaceship
            | BinaryOperator::BitwiseOr
            | BinaryOperator::BitwiseAnd
            | BinaryOperator::BitwiseXor
            | BinaryOperator::Custom(_)
            | BinaryOperator::PGBitwiseXor
            | BinaryOperator::PGBitwiseShiftLeft
            | BinaryOperator::PGBitwiseShiftRight
            | BinaryOperator::PGExp
            | BinaryOperator::PGOverlap
            | BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch
            | BinaryOperator::PGRegexNotMatch
            | BinaryOperator::PGRegexNotIMatch
            | BinaryOperator::PGLikeMatch
            | BinaryOperator::PGILikeMatch
            | BinaryOperator::PGNotLikeMatch
            | BinaryOperator::PGNotILikeMatch
            | BinaryOperator::PGStartsWith
            | BinaryOperator::Arrow
            | BinaryOperator::LongArrow
            | BinaryOperator::HashArrow
            | BinaryOperator::HashLongArrow
            | BinaryOperator::AtAt
            | BinaryOperator::AtArrow
            | BinaryOperator::ArrowAt
            | BinaryOperator::HashMinus
            | BinaryOperator::AtQuestion
            | BinaryOperator::Question
            | BinaryOperator::QuestionAnd
            | BinaryOperator::QuestionPipe
            | BinaryOperator::PGCustomBinaryOperator(_)
            | BinaryOperator::Overlaps
            | BinaryOperator::DoubleHash
            | BinaryOperator::LtDashGt
            | BinaryOperator::AndLt
            | BinaryOperator::AndGt
            | BinaryOperator::LtLtPipe
            | BinaryOperator::PipeGtGt
            | BinaryOperator::AndLtPipe
            | BinaryOperator::PipeAndGt
            | BinaryOperator::LtCaret
            | BinaryOperator::GtCaret
            | BinaryOperator::QuestionHash
            | BinaryOperator::QuestionDash
            | BinaryOperator::QuestionDashPipe
            | BinaryOperator::QuestionDoublePipe
            | BinaryOperator::At
            | BinaryOperator::TildeEq => Expr::parts(vec![l, r]),
        })
    }

    fn in_target(&self, expr: &Sql, target: &ast::InTarget) -> Lowered<Expr> {
        let mut parts = vec![self.expr(expr)?];
        match target {
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

    fn call(&self, function: &Function) -> Lowered<Expr> {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment: _,
            over,
        } = function;
        absent(*uses_odbc_syntax, "ODBC functions")?;
        match parameters {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(_) | FunctionArguments::List(_) => {
                return unsupported("function parameters");
            }
        }
        let mut call =
            Call { name: self.path(name)?, args: Vec::new(), parts: Vec::new(), window: None };
        match args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                call.args.push(Expr::Query(Box::new(self.query(query)?)));
            }
            FunctionArguments::List(list) => {
                call.args = self.args(&list.args)?;
                for clause in &list.clauses {
                    call.parts.extend(self.clause(clause)?);
                }
            }
        }
        call.parts.extend(self.sort_keys(within_group)?);
        call.parts.extend(self.optional(filter.as_deref())?);
        match over {
            None => {}
            Some(ast::WindowType::NamedWindow(name)) => call.window = Some(self.place(name)?),
            Some(ast::WindowType::WindowSpec(spec)) => {
                let mut base = Vec::new();
                call.parts.extend(self.window(spec, &mut base)?);
                call.window = base.first().copied();
            }
        }
        Ok(Expr::Call(Box::new(call)))
    }

    fn args(&self, args: &[FunctionArg]) -> Lowered<Vec<Expr>> {
        let mut out = Vec::new();
        for arg in args {
            match arg {
                FunctionArg::Unnamed(arg) => out.extend(self.arg(arg)?),
                // The name of an argument is a label of the function, not of a column.
                FunctionArg::Named { name: _, arg, operator: _ } => out.extend(self.arg(arg)?),
                FunctionArg::ExprNamed { .. } => return unsupported("a computed argument name"),
            }
        }
        Ok(out)
    }

    fn arg(&self, arg: &FunctionArgExpr) -> Lowered<Option<Expr>> {
        Ok(match arg {
            FunctionArgExpr::Expr(expr) => Some(self.expr(expr)?),
            FunctionArgExpr::QualifiedWildcard(name) => Some(Expr::Row(self.path(name)?)),
            // count(*)
            FunctionArgExpr::Wildcard => None,
            FunctionArgExpr::WildcardWithOptions(_) => return unsupported("options of a star"),
        })
    }

    fn clause(&self, clause: &FunctionArgumentClause) -> Lowered<Vec<Expr>> {
        match clause {
            FunctionArgumentClause::IgnoreOrRespectNulls(_) => Ok(Vec::new()),
            FunctionArgumentClause::OrderBy(keys) => self.sort_keys(keys),
            FunctionArgumentClause::JsonNullClause(_)
            | FunctionArgumentClause::JsonReturningClause(_) => Ok(Vec::new()),
            FunctionArgumentClause::Where(_)
            | FunctionArgumentClause::Limit(_)
            | FunctionArgumentClause::OnOverflow(_)
            | FunctionArgumentClause::Having(_)
            | FunctionArgumentClause::Separator(_) => unsupported("this clause of a call"),
        }
    }

    /// The parts of a window; the name of the window it builds on is added to `names`.
    pub(super) fn window(
        &self,
        spec: &ast::WindowSpec,
        names: &mut Vec<Place>,
    ) -> Lowered<Vec<Expr>> {
        let ast::WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        if let Some(name) = window_name {
            names.push(self.place(name)?);
        }
        let mut parts = self.exprs(partition_by)?;
        parts.extend(self.sort_keys(order_by)?);
        if let Some(ast::WindowFrame { units: _, start_bound, end_bound }) = window_frame {
            for bound in [Some(start_bound), end_bound.as_ref()].into_iter().flatten() {
                match bound {
                    ast::WindowFrameBound::CurrentRow => {}
                    ast::WindowFrameBound::Preceding(expr)
                    | ast::WindowFrameBound::Following(expr) => {
                        parts.extend(self.optional(expr.as_deref())?);
                    }
                }
            }
        }
        Ok(parts)
    }

    /// A call written where a table could stand.
    pub(super) fn named_call(&self, name: &ast::ObjectName, args: &[FunctionArg]) -> Lowered<Expr> {
        Ok(Expr::Call(Box::new(Call {
            name: self.path(name)?,
            args: self.args(args)?,
            parts: Vec::new(),
            window: None,
        })))
    }
}
