//! What becomes of each column of a result. `explain` asks it beside the judgement, so that the
//! proxy does not pay for what it never shows.

use super::record::treatment_of;
use crate::model::access::Access;
use crate::model::names::ColumnId;
use crate::model::ruling::{ColumnRuling, Decision, RuleRef};
use crate::model::usage::{Output, SiteColumn, Uses};
use crate::snapshot::Snapshot;
use crate::sql::lexer::lex;
use crate::sql::parse::parse;
use crate::sql::resolve::{Reader, resolve};
use crate::sql::statement::{Kind, recognize};
use crate::sql::tokens::Tokens;

/// A column of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputRuling {
    pub name: String,
    /// Base columns it is made of; none for a constant.
    pub sources: Vec<SourceRuling>,
}

/// A base column, and what the rules say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRuling {
    /// `schema.table.column`
    pub column: String,
    /// `plain`, `allow`, `mask.last4`, `hide`, `block`
    pub treatment: String,
    pub categories: Vec<String>,
    pub because: Vec<RuleRef>,
    /// General lines over which those of the column's service prevail.
    pub instead_of: Vec<RuleRef>,
}

/// The columns of the result of a text that is one query. Empty for any other text, and for one
/// that cannot be analysed: the judgement says why.
pub fn outputs(world: &Snapshot, access: &Access, text: &str) -> Vec<OutputRuling> {
    let Ok(lexed) = lex(text) else { return Vec::new() };
    let tokens = Tokens::new(text, lexed);
    let &[range] = tokens.statements().as_slice() else { return Vec::new() };
    let Kind::Data { inner, .. } = recognize(&tokens, range) else { return Vec::new() };
    let Ok(tree) = parse(&tokens, inner) else { return Vec::new() };
    let Ok(found) = resolve(&tree, &tokens, &world.catalog, Reader::new(&access.search_path))
    else {
        return Vec::new();
    };
    let uses = &found.uses;
    let decision = world.rules.decide(uses, access, &world.catalog);
    let ruling = |output: &Output| OutputRuling {
        name: output.name.clone(),
        sources: output
            .from
            .iter()
            .filter_map(|at| source((world, access), uses, &decision, *at))
            .collect(),
    };
    uses.outputs.iter().map(ruling).collect()
}

fn source(
    (world, access): (&Snapshot, &Access),
    uses: &Uses,
    decision: &Decision,
    at: SiteColumn,
) -> Option<SourceRuling> {
    let relation = world.catalog.relation(uses.sites.get(at.site.0)?.relation)?;
    let column = relation.column_number(at.number)?;
    let ruling = decision.sites.get(at.site.0).and_then(|site| site.columns.get(&at.number));
    let categories = |r: &ColumnRuling| r.categories.iter().map(ToString::to_string).collect();
    Some(SourceRuling {
        column: format!("{}.{}", relation.name, column.name),
        treatment: ruling.map_or_else(|| "plain".to_owned(), treatment_of),
        categories: ruling.map(categories).unwrap_or_default(),
        because: ruling.map(|r| r.because.clone()).unwrap_or_default(),
        instead_of: world
            .rules
            .overridden(access, ColumnId { relation: relation.id, number: at.number })
            .into_iter()
            .collect(),
    })
}
