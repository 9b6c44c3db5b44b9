//! SQL of rule files as it is put into statements: which columns it reads, of which row.

use std::collections::BTreeSet;

/// SQL from a rule file, parsed, qualified and re-spelt; the row it speaks of is put in on use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fragment {
    template: String,
}

impl Fragment {
    /// The character that stands for the alias of the row. It cannot occur in SQL text.
    pub const ALIAS: char = '\u{0}';

    pub fn from_template(template: String) -> Fragment {
        Fragment { template }
    }

    /// Columns of the row that it reads, quoted; `None`: perhaps all of them.
    pub fn columns(&self) -> Option<BTreeSet<String>> {
        let behind = self.template.split(Fragment::ALIAS).skip(1);
        behind.map(quoted_column).collect()
    }

    pub fn with_alias(&self, alias: &str) -> String {
        self.template.replace(Fragment::ALIAS, alias)
    }
}

/// `."name"` at the beginning of a text: the name, still in its quotes.
fn quoted_column(text: &str) -> Option<String> {
    let rest = text.strip_prefix(".\"")?;
    let mut end = 0;
    loop {
        end += rest.get(end..)?.find('"')?;
        match rest.get(end + 1..).and_then(|after| after.chars().next()) {
            Some('"') => end += 2,
            _ => return Some(format!("\"{}\"", rest.get(..end)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_fragment_are_found() {
        let columns = |template: &str| {
            let fragment = Fragment::from_template(template.replace('@', "\0"));
            fragment.columns().map(|columns| columns.into_iter().collect::<Vec<_>>())
        };
        let two = columns("@.\"born\" > now() AND (@.\"is \"\"gone\") AND @.\"born\" < 1");
        assert_eq!(two.unwrap(), ["\"born\"", "\"is \"\"gone\""]);
        assert_eq!(columns("true").unwrap().len(), 0);
        assert!(columns("f(@)").is_none());
    }
}
