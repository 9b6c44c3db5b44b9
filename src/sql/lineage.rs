//! What the text of each view does, worked out once for a catalog.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{self, Trust};
use super::lexer::lex;
use super::parse::parse;
use super::resolve::{Reader, Resolution, resolve};
use super::scope::Lineage;
use super::tokens::{TokenRange, Tokens};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::model::access::SearchPath;
use crate::model::names::{ColumnId, Name, QualifiedName, RelationId};
use crate::model::usage::{SiteColumn, ViewLineage};

/// Lineage of every view outside the system schemas.
pub fn of_views(
    catalog: &Catalog,
    named: &dyn Fn(&QualifiedName) -> bool,
) -> BTreeMap<RelationId, ViewLineage> {
    let mut views = Views { catalog, named, done: BTreeMap::new(), open: BTreeSet::new() };
    for relation in catalog.relations().filter(|r| is_view(r)) {
        views.view(relation);
    }
    views.done
}

/// For each generated column, the columns of its row that its expression may name: any name in it
/// that one of them has.
pub fn of_generated(catalog: &Catalog) -> BTreeMap<ColumnId, BTreeSet<i16>> {
    let mut found = BTreeMap::new();
    for relation in catalog.relations() {
        for column in &relation.columns {
            let Some(text) = &column.generated else { continue };
            let at = ColumnId { relation: relation.id, number: column.number };
            found.insert(at, named(relation, text));
        }
    }
    found
}

fn named(relation: &Relation, text: &str) -> BTreeSet<i16> {
    let columns = relation.columns.iter();
    match lex(text) {
        Err(_) => columns.map(|column| column.number).collect(),
        Ok(lexed) => {
            let tokens = Tokens::new(text, lexed);
            let names: BTreeSet<&Name> =
                (0..tokens.count()).filter_map(|i| tokens.name(i)).collect();
            columns.filter(|c| names.contains(&c.name)).map(|column| column.number).collect()
        }
    }
}

fn is_view(relation: &Relation) -> bool {
    let schema = relation.name.schema.as_str();
    matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView)
        && schema != "pg_catalog"
        && schema != "information_schema"
}

struct Views<'a> {
    catalog: &'a Catalog,
    /// Functions the rules name.
    named: &'a dyn Fn(&QualifiedName) -> bool,
    done: BTreeMap<RelationId, ViewLineage>,
    /// Being worked out: a view cannot rest on itself.
    open: BTreeSet<RelationId>,
}

impl Views<'_> {
    fn view(&mut self, relation: &Relation) {
        if self.done.contains_key(&relation.id) || !self.open.insert(relation.id) {
            return;
        }
        let lineage = self.work_out(relation).unwrap_or_else(|reason| ViewLineage {
            opaque: Some(reason),
            ..ViewLineage::default()
        });
        self.open.remove(&relation.id);
        self.done.insert(relation.id, lineage);
    }

    fn work_out(&mut self, relation: &Relation) -> Result<ViewLineage, String> {
        let text = relation.definition.as_deref().ok_or("its text is not known")?;
        let text = text.trim_end().trim_end_matches(';');
        let lexed = lex(text).map_err(|error| error.message.to_owned())?;
        let tokens = Tokens::new(text, lexed);
        let range = TokenRange::new(0, tokens.count());
        let told =
            |refusal: crate::model::refusal::Refusal| refusal.detail.unwrap_or(refusal.message);
        let tree = parse(&tokens, range).map_err(|refusal| told(*refusal))?;
        let path = SearchPath(vec![Name::new("pg_catalog")]);
        let resolution = resolve(&tree, &tokens, self.catalog, Reader::new(&path))
            .map_err(|refusal| told(*refusal))?;
        let trust = Trust {
            catalog: self.catalog,
            path: &path,
            named: self.named,
            open: &|_| false,
            personal: &|_| false,
            depth: 0,
        };
        if let Some(refusal) = calls::untrusted(&resolution, &tokens, &trust, true) {
            return Err(refusal.message);
        }
        for site in &resolution.sites {
            if let Some(inner) = self.catalog.relation(site.relation)
                && is_view(inner)
            {
                self.view(inner);
            }
        }
        self.assemble(relation, &resolution)
    }

    fn assemble(
        &self,
        relation: &Relation,
        resolution: &Resolution,
    ) -> Result<ViewLineage, String> {
        let mut out = ViewLineage::default();
        for (column, (_, lineage)) in relation.columns.iter().zip(&resolution.outputs) {
            let mut base = BTreeSet::new();
            for at in lineage.columns() {
                base.extend(self.base(resolution, at)?);
            }
            if let Lineage::Direct(at) = lineage
                && let Some(direct) = self.direct(resolution, *at)
            {
                out.direct.insert(column.number, direct);
            }
            out.columns.insert(column.number, base);
        }
        for at in &resolution.conditions {
            out.conditions.extend(self.base(resolution, *at)?);
        }
        for site in &resolution.sites {
            if !out.reads.insert(site.relation) {
                out.repeated.insert(site.relation);
            }
            if let Some(inner) = self.done.get(&site.relation) {
                if let Some(reason) = &inner.opaque {
                    return Err(reason.clone());
                }
                out.repeated.extend(inner.reads.intersection(&out.reads).copied());
                out.repeated.extend(inner.repeated.iter().copied());
                out.reads.extend(inner.reads.iter().copied());
                out.conditions.extend(inner.conditions.iter().copied());
            }
        }
        Ok(out)
    }

    /// The base columns behind a column of a site, through views.
    fn base(&self, resolution: &Resolution, at: SiteColumn) -> Result<BTreeSet<ColumnId>, String> {
        let site = resolution.sites.get(at.site.0).ok_or("a column without a table")?;
        match self.done.get(&site.relation) {
            None => Ok(BTreeSet::from([ColumnId { relation: site.relation, number: at.number }])),
            Some(view) => match &view.opaque {
                Some(reason) => Err(reason.clone()),
                None => Ok(view.columns.get(&at.number).cloned().unwrap_or_default()),
            },
        }
    }

    fn direct(&self, resolution: &Resolution, at: SiteColumn) -> Option<ColumnId> {
        let site = resolution.sites.get(at.site.0)?;
        match self.done.get(&site.relation) {
            None => Some(ColumnId { relation: site.relation, number: at.number }),
            Some(view) => view.direct.get(&at.number).copied(),
        }
    }
}
