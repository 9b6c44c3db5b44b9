//! The application's own tables that conditions on people read, as the rules name them.

use crate::catalog::derived::SCHEMA;
use crate::model::names::QualifiedName;
use crate::model::ruling::{Choices, Fragment, People};
use crate::upstream::consent::Watched;

/// What is to be watched besides the store itself.
pub fn watched(people: &People) -> Vec<Watched> {
    let mut found: Vec<Watched> = Vec::new();
    found.extend(people.choices.as_ref().and_then(choices));
    let standing = people.cancelled.iter().chain(&people.locked);
    let fragments: Vec<&Fragment> = people.minor.iter().chain(standing).collect();
    if let (Some(table), false) = (&people.table, fragments.is_empty()) {
        let columns: Option<Vec<_>> = fragments.into_iter().map(Fragment::columns).collect();
        // A condition that may read any column: every change counts.
        let columns = columns.into_iter().flatten().flatten().map(bare).collect();
        if let Some(name) = own(table) {
            found.push(Watched { table: name, purpose: None, given: None, columns });
        }
    }
    found
}

fn choices(choices: &Choices) -> Option<Watched> {
    let column = format!("{{row}}.{}", choices.choice.to_quoted());
    let given = match &choices.values {
        None => format!("{column} IS TRUE"),
        Some(values) => {
            let texts: Vec<String> =
                values.given.iter().map(|text| format!("'{}'", text.replace('\'', "''"))).collect();
            format!("({column} IN ({})) IS TRUE", texts.join(", "))
        }
    };
    Some(Watched {
        table: own(&choices.table)?,
        purpose: Some(choices.purpose.as_str().to_owned()),
        given: Some(given),
        columns: Vec::new(),
    })
}

/// Not of the store, which watches itself.
fn own(table: &QualifiedName) -> Option<String> {
    (table.schema.as_str() != SCHEMA).then(|| table.to_quoted())
}

fn bare(quoted: String) -> String {
    quoted.trim_matches('"').replace("\"\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::names::Name;
    use crate::model::ruling::ChoiceValues;

    #[test]
    fn tables_of_the_application_are_watched_and_the_store_is_not() {
        let choices = |schema| Choices {
            table: QualifiedName::new(schema, "said"),
            subject: Name::new("who"),
            purpose: Name::new("what"),
            choice: Name::new("how"),
            values: Some(ChoiceValues { given: vec!["o'yes".to_owned()] }),
            guardian: None,
            guardian_apart: false,
            one_each: false,
            category: None,
            service: None,
            recipient: None,
            from: None,
            until: None,
        };
        let gone = "(\0.\"gone\") IS TRUE".to_owned();
        let people = People {
            table: Some(QualifiedName::new("shop", "users")),
            cancelled: Some(Fragment::from_template(gone)),
            choices: Some(choices("shop")),
            ..People::default()
        };
        let found = watched(&people);
        assert_eq!(found[0].given.as_deref(), Some("({row}.\"how\" IN ('o''yes')) IS TRUE"));
        assert_eq!(found[1].columns, ["gone"]);
        let people = People { choices: Some(choices("pgpurpose")), ..People::default() };
        assert!(watched(&people).is_empty());
    }
}
