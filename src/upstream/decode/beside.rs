//! What writes set off, out of the answer: triggers, rules, defaults, checks, domains.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::answer::Words;
use crate::catalog::{Cascade, RewriteRule, TableCode, Trigger, WriteKind};
use crate::model::names::{Name, QualifiedName, RelationId};

/// Relation, schema and name of the function, `tgtype`, definition.
#[derive(Deserialize)]
pub struct TriggerRow(u32, u32, String, i16, Option<String>);

/// Relation, name, `ev_type`, definition.
#[derive(Deserialize)]
pub struct RuleRow(u32, String, char, Option<String>);

/// Relation, `attnum`, expression.
#[derive(Deserialize)]
pub struct DefaultRow(u32, i16, Option<String>);

/// Relation or 0, domain or 0, expression.
#[derive(Deserialize)]
pub struct CheckRow(u32, u32, Option<String>);

/// Referenced table, referencing table, `confdeltype`, `confupdtype`.
#[derive(Deserialize)]
pub struct CascadeRow(u32, u32, char, char);

/// The rows of the answer that tell of code.
#[derive(Default)]
pub struct CodeRows {
    pub triggers: Option<Vec<TriggerRow>>,
    pub rules: Option<Vec<RuleRow>>,
    pub defaults: Option<Vec<DefaultRow>>,
    pub checks: Option<Vec<CheckRow>>,
    pub cascades: Option<Vec<CascadeRow>>,
    /// Types of the columns of each relation.
    pub types: Vec<(u32, Vec<u32>)>,
}

/// By table, and the checks of every domain that has some.
pub type Code = (BTreeMap<RelationId, TableCode>, BTreeMap<QualifiedName, Vec<String>>);

impl Words {
    pub(super) fn code(&self, rows: CodeRows) -> Result<Code, String> {
        let mut tables: BTreeMap<RelationId, TableCode> = BTreeMap::new();
        for TriggerRow(relation, schema, name, kind, definition) in
            rows.triggers.unwrap_or_default()
        {
            let trigger = trigger(self.qualified(schema, &name)?, kind, definition);
            tables.entry(RelationId(relation)).or_default().triggers.push(trigger);
        }
        for RuleRow(relation, name, event, definition) in rows.rules.unwrap_or_default() {
            let on = match event {
                '2' => WriteKind::Update,
                '3' => WriteKind::Insert,
                '4' => WriteKind::Delete,
                other => return Err(format!("unknown event of a rule {other:?}")),
            };
            let definition = definition.ok_or("a rule's text is missing")?;
            let rule = RewriteRule { name: Name::new(&name), on, definition };
            tables.entry(RelationId(relation)).or_default().rules.push(rule);
        }
        for DefaultRow(relation, number, text) in rows.defaults.unwrap_or_default() {
            let text = text.ok_or("a default's text is missing")?;
            tables.entry(RelationId(relation)).or_default().defaults.insert(number, text);
        }
        for CascadeRow(referenced, relation, on_delete, on_update) in
            rows.cascades.unwrap_or_default()
        {
            let own = tables.entry(RelationId(referenced)).or_default();
            let relation = RelationId(relation);
            let cascades = [(WriteKind::Delete, on_delete), (WriteKind::Update, on_update)];
            own.cascades.extend(cascades.into_iter().filter_map(|(on, action)| {
                let does = match action {
                    'c' => on,
                    'n' | 'd' => WriteKind::Update,
                    // NO ACTION and RESTRICT
                    _ => return None,
                };
                Some(Cascade { on, relation, does })
            }));
        }
        let mut own: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for CheckRow(relation, domain, text) in rows.checks.unwrap_or_default() {
            let text = text.ok_or("a check's text is missing")?;
            match relation {
                0 => own.entry(domain).or_default().push(text),
                relation => tables.entry(RelationId(relation)).or_default().checks.push(text),
            }
        }
        let domains = self.domains(&own)?;
        for (relation, types) in rows.types {
            for id in types.into_iter().filter_map(|id| self.domain_of(id)) {
                let domain = self.type_row(id)?;
                let name = self.qualified(domain.schema, &domain.name)?;
                if domains.contains_key(&name) {
                    tables.entry(RelationId(relation)).or_default().domains.push(name);
                }
            }
        }
        Ok((tables, domains))
    }

    /// A domain's own checks, and those of the domains it is over.
    fn domains(
        &self,
        own: &BTreeMap<u32, Vec<String>>,
    ) -> Result<BTreeMap<QualifiedName, Vec<String>>, String> {
        let mut found = BTreeMap::new();
        for row in self.all_types().filter(|row| row.is_domain()) {
            let mut checks = Vec::new();
            let mut next = Some(row.id);
            for _ in 0..super::answer::MAX_DOMAIN_DEPTH {
                let Some(id) = next else { break };
                checks.extend(own.get(&id).into_iter().flatten().cloned());
                next = self.domain_of(self.type_row(id)?.base);
            }
            if !checks.is_empty() {
                found.insert(self.qualified(row.schema, &row.name)?, checks);
            }
        }
        Ok(found)
    }
}

fn trigger(function: QualifiedName, kind: i16, definition: Option<String>) -> Trigger {
    let on = WriteKind::ALL.into_iter().filter(|on| {
        let bit = match on {
            WriteKind::Insert => TRIGGER_INSERT,
            WriteKind::Update => TRIGGER_UPDATE,
            WriteKind::Delete => TRIGGER_DELETE,
        };
        kind & bit != 0
    });
    let first = kind & (TRIGGER_BEFORE | TRIGGER_INSTEAD) != 0;
    let makes_row = first && kind & TRIGGER_ROW != 0;
    Trigger { function, on: on.collect(), makes_row, definition }
}

// Bits of `pg_trigger.tgtype` (`catalog/pg_trigger.h`).
const TRIGGER_ROW: i16 = 1;
const TRIGGER_BEFORE: i16 = 1 << 1;
const TRIGGER_INSERT: i16 = 1 << 2;
const TRIGGER_DELETE: i16 = 1 << 3;
const TRIGGER_UPDATE: i16 = 1 << 4;
const TRIGGER_INSTEAD: i16 = 1 << 6;
