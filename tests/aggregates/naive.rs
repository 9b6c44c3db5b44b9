//! What an aggregate may show, worked out row by row as `rules/README.md` tells it.

use std::collections::{BTreeMap, BTreeSet};

/// One payment whose person may be used.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: i32,
    pub person: i32,
    pub region: Option<String>,
    pub year: Option<i32>,
    pub amount: Option<i64>,
}

impl Row {
    fn shared(&self, groups: usize) -> (Option<&String>, Option<i32>) {
        let region = self.region.as_ref().filter(|_| groups > 0);
        (region, self.year.filter(|_| groups > 1))
    }
}

pub const MIN_GROUP: usize = 4;

/// At how many groups, or fewer, each row's amount is seen. Not there: nowhere.
pub fn places(rows: &[Row]) -> BTreeMap<i32, usize> {
    let mut placed = BTreeMap::new();
    for groups in [2, 1, 0] {
        let mut cells: BTreeMap<_, (BTreeSet<i32>, Vec<i32>)> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.amount.is_some() && !placed.contains_key(&row.id)) {
            let cell = cells.entry(row.shared(groups)).or_default();
            cell.0.insert(row.person);
            cell.1.push(row.id);
        }
        for (people, ids) in cells.into_values() {
            if people.len() >= MIN_GROUP {
                placed.extend(ids.into_iter().map(|id| (id, groups)));
            }
        }
    }
    placed
}

/// A statement over payments: what it groups by, and which rows it takes.
#[derive(Clone, Debug)]
pub struct Asked {
    pub by_region: bool,
    pub by_year: bool,
    pub filter: Filter,
    /// Whether the filter stands in FILTER, which leaves the groups.
    pub in_aggregate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filter {
    None,
    In(&'static str),
    NotIn(&'static str),
    Nowhere,
    Since(i32),
    InSince(&'static str, i32),
}

impl Filter {
    fn takes(self, row: &Row) -> bool {
        let since = |year: i32| row.year.is_some_and(|own| own >= year);
        match self {
            Filter::None => true,
            Filter::In(region) => row.region.as_deref() == Some(region),
            Filter::NotIn(region) => row.region.as_deref().is_some_and(|own| own != region),
            Filter::Nowhere => row.region.is_none(),
            Filter::Since(year) => since(year),
            Filter::InSince(region, year) => row.region.as_deref() == Some(region) && since(year),
        }
    }

    fn sql(self) -> String {
        match self {
            Filter::None => "true".to_owned(),
            Filter::In(region) => format!("q.region = '{region}'"),
            Filter::NotIn(region) => format!("NOT q.region IN ('{region}')"),
            Filter::Nowhere => "q.region IS NULL".to_owned(),
            Filter::Since(year) => format!("q.born >= '{year}-01-01'"),
            Filter::InSince(region, year) => {
                format!("q.born > '{year}-01-01'::date - 1 AND 'x' || q.region = 'x{region}'")
            }
        }
    }

    fn groups(self) -> usize {
        match self {
            Filter::None => 0,
            Filter::In(_) | Filter::NotIn(_) | Filter::Nowhere => 1,
            Filter::Since(_) | Filter::InSince(_, _) => 2,
        }
    }
}

impl Asked {
    pub fn sql(&self) -> String {
        let mut keys = Vec::new();
        keys.extend(self.by_region.then_some("q.region"));
        keys.extend(self.by_year.then_some("q.born"));
        let filter = self.filter.sql();
        let aggregate = |text: &str| match self.in_aggregate {
            true => format!("{text} FILTER (WHERE {filter})"),
            false => text.to_owned(),
        };
        let items: Vec<String> = keys
            .iter()
            .map(|key| (*key).to_owned())
            .chain(["sum(p.amount)", "count(p.amount)"].map(aggregate))
            .collect();
        let rows = if self.in_aggregate { String::new() } else { format!(" WHERE {filter}") };
        let grouping =
            if keys.is_empty() { String::new() } else { format!(" GROUP BY {}", keys.join(", ")) };
        format!(
            "SELECT {} FROM payment p JOIN bill b ON p.bill_id = b.id \
             JOIN person q ON b.person_id = q.id{rows}{grouping}",
            items.join(", ")
        )
    }

    fn groups(&self) -> usize {
        let own = if self.by_year { 2 } else { usize::from(self.by_region) };
        own.max(self.filter.groups())
    }

    /// The rows whose amounts an answer is made of, by its group.
    fn seen<'r>(&self, rows: &'r [Row]) -> BTreeMap<Vec<Option<String>>, Vec<&'r Row>> {
        let placed = places(rows);
        let mut answer: BTreeMap<Vec<Option<String>>, Vec<&Row>> = BTreeMap::new();
        if !self.by_region && !self.by_year {
            answer.entry(Vec::new()).or_default();
        }
        for row in rows {
            let taken = self.filter.takes(row);
            if !taken && !self.in_aggregate {
                continue;
            }
            let mut key = Vec::new();
            if self.by_region {
                key.push(row.region.clone());
            }
            if self.by_year {
                key.push(row.year.map(|year| format!("{year}-01-01")));
            }
            let group = answer.entry(key).or_default();
            if taken && placed.get(&row.id).is_some_and(|place| *place >= self.groups()) {
                group.push(row);
            }
        }
        answer
    }

    /// What is to be answered, in whatever order.
    pub fn answer(&self, rows: &[Row]) -> Vec<Vec<Option<String>>> {
        let mut answer = Vec::new();
        for (key, seen) in self.seen(rows) {
            let sum: i64 = seen.iter().filter_map(|row| row.amount).sum();
            let mut line = key;
            line.push((!seen.is_empty()).then(|| sum.to_string()));
            line.push(Some(seen.len().to_string()));
            answer.push(line);
        }
        answer.sort();
        answer
    }

    /// For each group of the answer, the payments it is made of.
    pub fn made_of(&self, rows: &[Row]) -> Vec<BTreeSet<i32>> {
        let groups = self.seen(rows).into_values();
        groups.map(|seen| seen.iter().map(|row| row.id).collect()).collect()
    }
}
