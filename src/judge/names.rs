//! DDL and maintenance: which tables a statement names.
//!
//! What a role may do to a table is what PostgreSQL grants it. Refused is only what could carry
//! governed data away from its label: renaming, rewriting or re-homing a governed table.

use super::text::{Context, Step};
use super::{beside, closed, data, keep, redefine};
use crate::catalog::{Relation, derived};
use crate::model::access::SessionEffect;
use crate::model::names::{ColumnId, QualifiedName};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::sql::calls::{untrusted_name, untrusted_operator};
use crate::sql::resolve::Refused;
use crate::sql::tokens::TokenRange;

/// Judges a statement by the names it holds. `governed`: it may name governed tables.
pub fn judge(
    context: &Context<'_>,
    tag: &'static str,
    governed: bool,
    range: TokenRange,
) -> Refused<Step> {
    not_ours(context, tag, range)?;
    let named = named(context, range);
    if tag == "REFRESH MATERIALIZED VIEW" {
        let limited = named.iter().filter(|named| is_limited(context, named.relation));
        for view in limited {
            refresh(context, view.relation, range)?;
        }
        return Ok(Step::harmless(tag, None));
    }
    let governed =
        governed || only_undoes(context, tag, range, &named) || drops_code(context, tag, range);
    let open = |named: &Named<'_>| {
        redefine::stays_in_place(context, tag, range, named.relation)
            && redefine::is_open(context, named.relation)
    };
    let limited =
        || named.iter().filter(|named| is_limited(context, named.relation) && !open(named));
    if let (false, Some(first)) =
        (governed, limited().find(|named| !points_at(context, tag, named)))
    {
        let refusal = not_here(context, tag, first);
        return Err(Box::new(match new_name(context, range) {
            None => refusal,
            Some(name) => refusal.hint(format!(
                "List {name} in the rules first, under the categories of the old name, for a \
                 purpose that may read and write all of the table."
            )),
        }));
    }
    if let (true, Some(first)) = (looks_at_values(context, range), limited().next())
        && let Some(place) = personal(context, tag, range, &limited().collect::<Vec<_>>())
    {
        return Err(Box::new(
            not_here(context, tag, first)
                .detail("Whether it succeeds, or what its error says, would tell of personal data.")
                .at(context.tokens.position(place)),
        ));
    }
    if let Some(probed) = tries_keys(context, tag, &named) {
        return Err(Box::new(
            not_here(context, tag, probed)
                .detail("Whether it succeeds would tell which people there are."),
        ));
    }
    if tag.starts_with("CREATE") || tag.starts_with("ALTER") {
        runs_code(context, range)?;
    }
    let effect = match tag {
        "LOCK TABLE" | "VACUUM" | "ANALYZE" | "REINDEX" | "CLUSTER" | "COMMENT" | "GRANT"
        | "REVOKE" | "TRUNCATE TABLE" => None,
        _ => Some(SessionEffect::ChangesCatalog),
    };
    let mut step = Step::harmless(tag, effect);
    let level = TokenRange::new(range.start + 1, range.end);
    step.moves = tag.starts_with("ALTER")
        && context.tokens.find_word(level, &["rename"]).is_some()
        && named.iter().any(|named| is_limited(context, named.relation));
    step.judged.blind = limited().any(|named| !data::shows_all(context, named.relation.id));
    Ok(step)
}

/// What the proxy keeps in the database is not changed through it.
pub fn not_ours(context: &Context<'_>, tag: &str, range: TokenRange) -> Refused<()> {
    let tokens = context.tokens;
    let ours = |i: &usize| tokens.name(*i).is_some_and(|name| name.as_str() == derived::SCHEMA);
    let schema = |i: &usize| {
        tokens.is_punctuation(*i + 1, '.')
            || (range.start..*i).any(|before| tokens.is_word(before, "schema"))
    };
    match (range.start..range.end).find(|i| ours(i) && schema(i)) {
        None => Ok(()),
        Some(place) => Err(Box::new(
            Refusal::new(
                Reason::Internal,
                SqlState::INSUFFICIENT_PRIVILEGE,
                format!("{tag} in schema {} is not done through the proxy", derived::SCHEMA),
            )
            .at(tokens.position(place)),
        )),
    }
}

/// Whether a trigger, rule or policy is dropped by a role that may define them.
fn drops_code(context: &Context<'_>, tag: &str, range: TokenRange) -> bool {
    let what = context.tokens.word(range.start + 1);
    let role = context.world.ruleset.role(&context.access.role);
    tag == "DROP"
        && matches!(what, Some("trigger" | "rule" | "policy"))
        && role.is_some_and(|role| role.unchecked_code)
}

/// Whether a table made of personal data is dropped, emptied or renamed: its labels go with its
/// object id, whatever it is called.
fn only_undoes(context: &Context<'_>, tag: &str, range: TokenRange, named: &[Named<'_>]) -> bool {
    let tokens = context.tokens;
    let level = TokenRange::new(range.start + 1, range.end);
    let does = match tag {
        "DROP" => tokens.is_word(range.start + 1, "table"),
        "TRUNCATE TABLE" => true,
        "ALTER TABLE" => {
            tokens.find_word(level, &["rename"]).is_some()
                && tokens.find_word(level, &["add", "set", "using"]).is_none()
        }
        _ => false,
    };
    let limited = |named: &&Named<'_>| is_limited(context, named.relation);
    let catalog = &context.world.catalog;
    does && named
        .iter()
        .filter(limited)
        .all(|named| keep::is_only_derived(context, catalog, named.relation.id))
}

/// REFRESH works the stored query out over all there is: as if the purpose asked it.
fn refresh(context: &Context<'_>, view: &Relation, range: TokenRange) -> Refused<()> {
    let tokens = context.tokens;
    let last = |n: usize| range.end.checked_sub(n).and_then(|at| tokens.word(at));
    if (last(1), last(2)) == (Some("data"), Some("no")) {
        return Ok(());
    }
    let open = view.definition.as_deref().is_some_and(|text| {
        let text = text.trim_end().trim_end_matches(';');
        data::sees_all_of(context, text)
    });
    if open {
        return Ok(());
    }
    let name = &view.name;
    Err(Box::new(
        Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            format!("{name} is not refreshed for a purpose that may not see all it is made of"),
        )
        .detail("Its query would run over what is masked or filtered for the purpose.")
        .hint("Refresh it for another purpose, or on the server.")
        .on_table(name.schema.as_str(), name.name.as_str())
        .at(tokens.position(range.start)),
    ))
}

/// The new name of a column.
fn new_name(context: &Context<'_>, range: TokenRange) -> Option<String> {
    let tokens = context.tokens;
    let at = tokens.find_word(range, &["rename"])?;
    let column = range.end == at + 4 || (range.end == at + 5 && tokens.is_word(at + 1, "column"));
    let name = tokens.name(range.end - 1).filter(|_| tokens.is_word(range.end - 2, "to"))?;
    column.then(|| name.to_quoted())
}

fn not_here(context: &Context<'_>, tag: &str, named: &Named<'_>) -> Refusal {
    let name = &named.relation.name;
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        format!("{tag} on {name} is not done through the proxy"),
    )
    .detail("It could take personal data away from its classification.")
    .hint("Do it on the server, then classify what is new.")
    .on_table(name.schema.as_str(), name.name.as_str())
    .at(context.tokens.position(named.place))
}

/// A relation that a name of the text can mean.
struct Named<'a> {
    place: usize,
    relation: &'a Relation,
}

/// All relations that names of the text can mean; of a dotted name the last two parts count.
fn named<'a>(context: &Context<'a>, range: TokenRange) -> Vec<Named<'a>> {
    let tokens = context.tokens;
    let catalog = &context.world.catalog;
    let mut named = Vec::new();
    for i in range.start..range.end {
        let Some(name) = tokens.name(i) else { continue };
        let qualified = i >= range.start + 2 && tokens.is_punctuation(i - 1, '.');
        let found = match tokens.name(i.wrapping_sub(2)).filter(|_| qualified) {
            Some(schema) => {
                let (schema, name) = (schema.clone(), name.clone());
                catalog.written(&context.access.search_path, &QualifiedName { schema, name })
            }
            None => catalog.on_path(&context.access.search_path, name),
        };
        named.extend(found.map(|relation| Named { place: i, relation }));
    }
    named
}

fn is_limited(context: &Context<'_>, relation: &Relation) -> bool {
    let class = context.world.rules.class(relation.id);
    matches!(class, Some(RelationClass::Governed | RelationClass::Internal))
}

/// Whether `REFERENCES` stands before a name.
fn points(context: &Context<'_>, named: &Named<'_>) -> bool {
    let tokens = context.tokens;
    let mut first = named.place;
    while first >= 2 && tokens.is_punctuation(first - 1, '.') {
        first -= 2;
    }
    first >= 1 && tokens.is_word(first - 1, "references")
}

/// `REFERENCES table` in a new table: a row may point at a person by a key that is not personal.
fn points_at(context: &Context<'_>, tag: &str, named: &Named<'_>) -> bool {
    let class = context.world.rules.class(named.relation.id);
    tag == "CREATE TABLE" && points(context, named) && class == Some(RelationClass::Governed)
}

/// A governed table that a foreign key of a plain one would be tried on: what stands in a plain
/// table can be guesses of who writes there, so the purpose must see every row that answers them.
fn tries_keys<'a, 'b>(
    context: &Context<'_>,
    tag: &str,
    named: &'b [Named<'a>],
) -> Option<&'b Named<'a>> {
    let (altered, others) = named.split_first()?;
    let class = context.world.rules.class(altered.relation.id);
    if tag != "ALTER TABLE" || class != Some(RelationClass::Plain) {
        return None;
    }
    others.iter().find(|named| {
        let name = &named.relation.name;
        let (schema, table) = (name.schema.to_quoted(), name.name.to_quoted());
        is_limited(context, named.relation)
            && points(context, named)
            && !data::sees_all_of(context, &format!("SELECT 1 FROM {schema}.{table}"))
    })
}

/// Whether a definition is tried on the values that are there: a constraint, an expression.
fn looks_at_values(context: &Context<'_>, range: TokenRange) -> bool {
    const WORDS: [&str; 9] = [
        "constraint",
        "check",
        "unique",
        "primary",
        "foreign",
        "exclude",
        "generated",
        "references",
        "where",
    ];
    let tokens = context.tokens;
    let create_index = tokens.is_word(range.start + 1, "index");
    let mut depth = 0;
    (range.start..range.end).any(|i| {
        depth += i32::from(tokens.is_punctuation(i, '('));
        depth -= i32::from(tokens.is_punctuation(i, ')'));
        let nested = create_index && depth > 1 && !is_quiet_call(context, i);
        nested || tokens.word(i).is_some_and(|word| WORDS.contains(&word))
    })
}

/// Whether a place stands in `lower(name)` or the like, which raises nothing.
fn is_quiet_call(context: &Context<'_>, at: usize) -> bool {
    const QUIET: [&str; 3] = ["lower", "upper", "md5"];
    let tokens = context.tokens;
    let opens = |open: usize| {
        tokens.is_punctuation(open, '(')
            && open.checked_sub(1).and_then(|f| tokens.word(f)).is_some_and(|f| QUIET.contains(&f))
            && tokens.name(open + 1).is_some()
            && tokens.is_punctuation(open + 2, ')')
    };
    opens(at) || at.checked_sub(1).is_some_and(opens) || at.checked_sub(2).is_some_and(opens)
}

/// The place of a name that a personal column of one of the relations has, or of a relation whose
/// key is personal. In a new table only what it references is such a name.
fn personal(
    context: &Context<'_>,
    tag: &str,
    range: TokenRange,
    limited: &[&Named<'_>],
) -> Option<usize> {
    let tokens = context.tokens;
    let governs = |relation: &Relation, number: i16| {
        context.world.rules.governs(ColumnId { relation: relation.id, number })
    };
    let column = |relation: &Relation, i: usize| {
        let column = tokens.name(i).and_then(|name| relation.column(name));
        column.is_some_and(|column| governs(relation, column.number))
    };
    limited.iter().find_map(|named| {
        if named.relation.primary_key.iter().any(|number| governs(named.relation, *number)) {
            return Some(named.place);
        }
        let list = named.place + 1;
        let names = match tag {
            "CREATE TABLE" if tokens.is_punctuation(list, '(') => {
                TokenRange::new(list, tokens.after_group(list, range.end)?)
            }
            "CREATE TABLE" => TokenRange::new(list, list),
            _ => range,
        };
        (names.start..names.end).find(|i| column(named.relation, *i))
    })
}

/// A default or constraint runs later, when no statement shows what it reads.
pub fn runs_code(context: &Context<'_>, range: TokenRange) -> Refused<()> {
    let refusal = closed::with_trust(context, |trust| {
        untrusted_name(context.tokens, range, trust)
            .or_else(|| untrusted_operator(context.tokens, range, trust))
    });
    let refusal = refusal.map(Box::new).or_else(|| beside::types(context, range, None));
    refusal.map_or(Ok(()), Err)
}
