//! Grouping sets, SEARCH and CYCLE, sources of MERGE, ROWS FROM.

use super::text::{Added, Writer};

impl Writer<'_> {
    /// `GROUPING SETS (CUBE (a, b), (c), GROUPING SETS (…))`: the sets within are read as one set
    /// each: the same columns are grouped by.
    pub(super) fn grouping_sets(&mut self, at: usize) -> Option<usize> {
        let close = self.close(at + 2)?;
        self.words(at, &["GROUPING", "SETS", "("], 0);
        let mut first = true;
        self.sets(at + 2, close, &mut first);
        self.put(close, ")");
        Some(close + 1)
    }

    fn sets(&mut self, open: usize, close: usize, first: &mut bool) {
        for (from, to) in self.elements(open + 1, close) {
            if self.word(from) == "grouping"
                && self.word(from + 1) == "sets"
                && let Some(inner) = self.close(from + 2)
            {
                self.sets(from + 2, inner, first);
                continue;
            }
            if !std::mem::take(first) {
                self.put(from, ",");
            }
            let named = matches!(self.word(from), "cube" | "rollup") && self.is(from + 1, '(');
            let start = from + usize::from(named);
            self.write(start, to);
        }
    }

    /// `ROWS FROM (f(…) AS (a int), g(…))`: rows of several functions side by side.
    pub(super) fn rows_from(&mut self, at: usize) -> Option<usize> {
        let close = self.close(at + 2)?;
        for (from, to) in self.elements(at + 3, close) {
            let mut behind = from;
            while behind < to && self.word(behind) != "as" {
                behind = self.close(behind).unwrap_or(behind) + 1;
            }
            let Some(end) = self.close(behind + 1).filter(|_| behind < to) else { continue };
            let types = self.elements(behind + 2, end);
            if types.iter().all(|(from, to)| self.is_name(*from) && self.is_type(from + 1, *to)) {
                self.leave_out(behind, end + 1);
            }
        }
        // This place is a name to the grammar's lists of arguments: see `parse`.
        self.put(at, "UNNEST");
        Some(at + 2)
    }

    /// SEARCH and CYCLE behind the `)` of a common table expression: the columns they add.
    pub(super) fn search_or_cycle(&mut self, close: usize) -> bool {
        let mut at = close + 1;
        let mut added = Vec::new();
        while let Some((next, columns)) = self.search(at).or_else(|| self.cycle(at)) {
            self.claim(at, next);
            added.extend(columns);
            at = next;
        }
        if added.is_empty() {
            return false;
        }
        self.out.added.insert(close, added);
        self.replace(close + 1, at, Vec::new());
        true
    }

    fn names(&self, from: usize) -> Option<(Vec<usize>, usize)> {
        let (mut names, mut at) = (Vec::new(), from);
        loop {
            if !self.is_name(at) {
                return None;
            }
            names.push(at);
            if !self.is(at + 1, ',') {
                return Some((names, at + 1));
            }
            at += 2;
        }
    }

    /// `SEARCH DEPTH FIRST BY a, b SET c`
    fn search(&self, at: usize) -> Option<(usize, Vec<Added>)> {
        let begins = self.word(at) == "search"
            && matches!(self.word(at + 1), "depth" | "breadth")
            && self.word(at + 2) == "first"
            && self.word(at + 3) == "by";
        let (of, next) = self.names(at + 4).filter(|_| begins)?;
        let ends = self.word(next) == "set" && self.is_name(next + 1);
        ends.then(|| (next + 2, vec![Added { name: next + 1, of }]))
    }

    /// `CYCLE a, b SET c [TO x DEFAULT y] USING d`, x and y constants.
    fn cycle(&self, at: usize) -> Option<(usize, Vec<Added>)> {
        let (of, next) = self.names(at + 1).filter(|_| self.word(at) == "cycle")?;
        if self.word(next) != "set" || !self.is_name(next + 1) {
            return None;
        }
        let mark = next + 1;
        let mut using = mark + 1;
        if self.word(using) == "to" {
            while using < self.range.end && self.word(using) != "using" {
                if self.is(using, '(') || self.is(using, ')') {
                    return None;
                }
                using += 1;
            }
        }
        if self.word(using) != "using" || !self.is_name(using + 1) {
            return None;
        }
        let added = [mark, using + 1].map(|name| Added { name, of: of.clone() });
        Some((using + 2, added.to_vec()))
    }

    /// `MERGE INTO t USING a JOIN b ON … ON …`: the grammar wants one item there.
    pub(super) fn merge_source(&mut self, at: usize) {
        let (mut i, mut using, mut last_on, mut joined, mut cases) = (at, None, None, false, 0);
        while i < self.range.end && self.step() {
            if let Some(close) = self.close(i) {
                i = close + 1;
                continue;
            }
            if self.is(i, ')') {
                break;
            }
            match self.word(i) {
                "using" if using.is_none() => using = Some(i),
                "on" if using.is_some() => last_on = Some(i),
                "join" if using.is_some() => joined = true,
                "case" => cases += 1,
                "end" if cases > 0 => cases -= 1,
                "when" if cases == 0 => break,
                _ => {}
            }
            i += 1;
        }
        if let (Some(using), Some(on), true) = (using, last_on, joined) {
            self.insert(using + 1, "(");
            self.insert(on, ")");
        }
    }
}
