//! Calls, their arguments and windows.

use sqlparser::ast::{
    self, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
};

use super::super::tree::*;
use super::{Lowered, Lowering, absent, unsupported};

impl Lowering<'_> {
    pub(super) fn call(&self, function: &Function) -> Lowered<Expr> {
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
        let mut call = Call {
            name: self.path(name)?,
            args: Vec::new(),
            parts: Vec::new(),
            window: None,
            form: CallForm::Plain,
        };
        match args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                call.args.push(Expr::Query(Box::new(self.query(query)?)));
            }
            FunctionArguments::List(list) => {
                call.args = self.args(&list.args)?;
                if list.duplicate_treatment == Some(ast::DuplicateTreatment::Distinct) {
                    call.form = CallForm::Distinct;
                }
                for clause in &list.clauses {
                    call.parts.extend(self.clause(clause)?);
                }
            }
        }
        call.parts.extend(self.sort_keys(within_group)?);
        call.parts.extend(self.optional(filter.as_deref())?);
        if over.is_some() {
            call.form = CallForm::Window;
        }
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
                FunctionArg::ExprNamed { name: ast::Expr::Identifier(_), arg, operator: _ } => {
                    out.extend(self.arg(arg)?);
                }
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
            form: CallForm::Plain,
        })))
    }
}
