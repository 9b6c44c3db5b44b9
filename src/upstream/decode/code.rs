//! Functions, operators and casts of the answer.

use std::sync::Arc;

use serde::Deserialize;

use super::answer::Words;
use crate::catalog::{Function, Source, SqlBody, UserCast, UserOperator, Volatility};
use crate::model::names::Name;

#[derive(Deserialize)]
pub struct FunctionRow {
    schema: u32,
    name: String,
    language: String,
    volatility: char,
    extension: Option<String>,
    body: Option<BodyRow>,
    /// Of an aggregate: what it runs.
    runs: Option<Vec<(u32, String)>>,
}

/// Text, names of arguments, defaults, settings.
#[derive(Deserialize)]
pub struct BodyRow(String, Option<Vec<String>>, Option<String>, Option<Vec<String>>);

#[derive(Deserialize)]
pub struct OperatorRow {
    schema: u32,
    symbol: String,
    language: String,
    volatility: char,
    extension: Option<String>,
    function: (u32, String),
}

/// Source, target, extension, function.
#[derive(Deserialize)]
pub struct CastRow(u32, u32, Option<String>, (u32, String));

impl Words {
    pub(super) fn functions(
        &self,
        rows: Option<Vec<FunctionRow>>,
    ) -> Result<Vec<Function>, String> {
        let rows = rows.unwrap_or_default().into_iter();
        rows.map(|row| {
            Ok(Function {
                name: self.qualified(row.schema, &row.name)?,
                language: Name::new(&row.language),
                volatility: volatility(row.volatility),
                extension: row.extension.as_deref().map(Name::new),
                source: self.source(&row.language, row.body, row.runs)?,
            })
        })
        .collect()
    }

    fn source(
        &self,
        language: &str,
        body: Option<BodyRow>,
        runs: Option<Vec<(u32, String)>>,
    ) -> Result<Source, String> {
        if let Some(runs) = runs {
            let names = runs.iter().map(|(schema, name)| self.qualified(*schema, name));
            return Ok(Source::Aggregate(names.collect::<Result<_, String>>()?));
        }
        Ok(match body {
            Some(BodyRow(text, arguments, defaults, settings)) => {
                let body = Arc::new(SqlBody {
                    text,
                    arguments: arguments.iter().flatten().map(|name| Name::new(name)).collect(),
                    defaults,
                    settings: settings.unwrap_or_default(),
                });
                if language == "sql" { Source::Sql(body) } else { Source::Procedural(body) }
            }
            None => Source::Unknown,
        })
    }

    pub(super) fn operators(
        &self,
        rows: Option<Vec<OperatorRow>>,
    ) -> Result<Vec<UserOperator>, String> {
        let rows = rows.unwrap_or_default().into_iter();
        rows.map(|row| {
            Ok(UserOperator {
                name: self.qualified(row.schema, &row.symbol)?,
                function: self.qualified(row.function.0, &row.function.1)?,
                language: Name::new(&row.language),
                volatility: volatility(row.volatility),
                extension: row.extension.as_deref().map(Name::new),
            })
        })
        .collect()
    }

    pub(super) fn casts(&self, rows: Option<Vec<CastRow>>) -> Result<Vec<UserCast>, String> {
        let mut casts = Vec::new();
        for CastRow(source, target, extension, (schema, function)) in rows.unwrap_or_default() {
            let (source, target) = (self.type_row(source)?, self.type_row(target)?);
            casts.push(UserCast {
                source: self.qualified(source.schema, &source.name)?,
                target: self.qualified(target.schema, &target.name)?,
                function: self.qualified(schema, &function)?,
                extension: extension.as_deref().map(Name::new),
            });
        }
        Ok(casts)
    }
}

fn volatility(kind: char) -> Volatility {
    match kind {
        'i' => Volatility::Immutable,
        's' => Volatility::Stable,
        _ => Volatility::Volatile,
    }
}
