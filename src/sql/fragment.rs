//! SQL of a rule file over one row of a table → a template that means the same to any client.
//!
//! Every column is qualified by the row, every function and operator by `pg_catalog`, every
//! operation is in parentheses, and `current_date` is the date in the policy's own time zone: no
//! session setting and no shadowing function can change what a rule says.

use sqlparser::ast::{BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments};
use sqlparser::ast::{InTarget, UnaryOperator, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::tokens::spell_text;
use crate::catalog::Relation;
use crate::catalog::system::{FunctionClass, function_class};
use crate::model::names::Name;
use crate::model::ruling::Fragment;

/// Compiles a boolean expression over the columns of a relation.
pub fn compile(text: &str, row: &Relation, major: u32, zone: &str) -> Result<Fragment, String> {
    let dialect = PostgreSqlDialect {};
    let mut parser =
        Parser::new(&dialect).try_with_sql(text).map_err(|_| "it is not SQL".to_owned())?;
    let expr = parser.parse_expr().map_err(|_| "it is not an SQL expression".to_owned())?;
    if parser.peek_token().token != sqlparser::tokenizer::Token::EOF {
        return Err("it goes on after the expression".to_owned());
    }
    let writer = Writer { row, major, zone };
    Ok(Fragment::from_template(writer.expr(&expr)?))
}

struct Writer<'a> {
    row: &'a Relation,
    major: u32,
    zone: &'a str,
}

impl Writer<'_> {
    fn expr(&self, expr: &Expr) -> Result<String, String> {
        match expr {
            Expr::Identifier(ident) => {
                let name = match ident.quote_style {
                    None => Name::unquoted(&ident.value),
                    Some(_) => Name::quoted(&ident.value),
                };
                self.column(&name)
            }
            Expr::Nested(inner) => self.expr(inner),
            Expr::Value(value) => self.value(&value.value),
            Expr::BinaryOp { left, op, right } => {
                Ok(format!("({} {} {})", self.expr(left)?, operator(op)?, self.expr(right)?))
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Ok(format!("(NOT {})", self.expr(expr)?))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                Ok(format!("(OPERATOR(pg_catalog.-) {})", self.expr(expr)?))
            }
            Expr::IsNull(inner) => Ok(format!("({} IS NULL)", self.expr(inner)?)),
            Expr::IsNotNull(inner) => Ok(format!("({} IS NOT NULL)", self.expr(inner)?)),
            Expr::IsTrue(inner) => Ok(format!("({} IS TRUE)", self.expr(inner)?)),
            Expr::IsFalse(inner) => Ok(format!("({} IS FALSE)", self.expr(inner)?)),
            Expr::In { expr, target: InTarget::List(list), negated, .. } => {
                self.one_of(expr, list, *negated)
            }
            Expr::Interval(interval) => match interval.value.as_ref() {
                Expr::Value(value) if interval.leading_field.is_none() => {
                    Ok(format!("{}::pg_catalog.\"interval\"", self.value(&value.value)?))
                }
                _ => Err("an interval is written interval '…'".to_owned()),
            },
            Expr::Function(function) => self.call(function),
            _ => Err("it uses a form that rules do not have".to_owned()),
        }
    }

    fn column(&self, name: &Name) -> Result<String, String> {
        match self.row.column(name) {
            Some(column) => Ok(format!("{}.{}", Fragment::ALIAS, column.name.to_quoted())),
            None => Err(format!("table {} has no column \"{name}\"", self.row.name)),
        }
    }

    fn value(&self, value: &Value) -> Result<String, String> {
        match value {
            Value::SingleQuotedString(text) => Ok(spell_text(text)),
            Value::Boolean(true) => Ok("TRUE".to_owned()),
            Value::Boolean(false) => Ok("FALSE".to_owned()),
            Value::Null => Ok("NULL".to_owned()),
            Value::Number(digits, false) => Ok(digits.to_string()),
            _ => Err("it uses a kind of constant that rules do not have".to_owned()),
        }
    }

    fn one_of(&self, expr: &Expr, list: &[Expr], negated: bool) -> Result<String, String> {
        let left = self.expr(expr)?;
        let tests = list
            .iter()
            .map(|item| Ok(format!("({left} OPERATOR(pg_catalog.=) {})", self.expr(item)?)))
            .collect::<Result<Vec<_>, String>>()?;
        let any = format!("({})", tests.join(" OR "));
        Ok(if negated { format!("(NOT {any})") } else { any })
    }

    fn call(&self, function: &sqlparser::ast::Function) -> Result<String, String> {
        let name = function.name.to_string().to_ascii_lowercase();
        let name = name.strip_prefix("pg_catalog.").unwrap_or(&name);
        match name {
            "current_date" => {
                let zone = spell_text(self.zone);
                return Ok(format!(
                    "(pg_catalog.timezone({zone}, pg_catalog.now()))::pg_catalog.date"
                ));
            }
            "current_timestamp" | "now" => return Ok("pg_catalog.now()".to_owned()),
            _ => {}
        }
        if function_class(self.major, name) != FunctionClass::Pure {
            return Err(format!("function \"{name}\" may not be used in rules"));
        }
        let FunctionArguments::List(list) = &function.args else {
            return Err(format!("function \"{name}\" needs arguments"));
        };
        let args = list
            .args
            .iter()
            .map(|arg| match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
                _ => Err("an argument has a form that rules do not have".to_owned()),
            })
            .collect::<Result<Vec<_>, String>>()?;
        Ok(format!("pg_catalog.{}({})", Name::new(name).to_quoted(), args.join(", ")))
    }
}

fn operator(op: &BinaryOperator) -> Result<&'static str, String> {
    Ok(match op {
        BinaryOperator::And => "AND",
        BinaryOperator::Or => "OR",
        BinaryOperator::Eq => "OPERATOR(pg_catalog.=)",
        BinaryOperator::NotEq => "OPERATOR(pg_catalog.<>)",
        BinaryOperator::Lt => "OPERATOR(pg_catalog.<)",
        BinaryOperator::LtEq => "OPERATOR(pg_catalog.<=)",
        BinaryOperator::Gt => "OPERATOR(pg_catalog.>)",
        BinaryOperator::GtEq => "OPERATOR(pg_catalog.>=)",
        BinaryOperator::Plus => "OPERATOR(pg_catalog.+)",
        BinaryOperator::Minus => "OPERATOR(pg_catalog.-)",
        _ => return Err("it uses an operator that rules do not have".to_owned()),
    })
}
