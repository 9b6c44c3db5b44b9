//! Who is a minor, on days when it is easy to get wrong, under settings that would mislead.

use pgpurpose::catalog::Catalog;
use pgpurpose::model::names::{Name, QualifiedName};
use pgpurpose::model::privacy::AgeLimit;
use pgpurpose::sql::age;
use pgpurpose::sql::schema::parse_schema;

use crate::harness::{Client, Cluster};

/// The moment, birth date, and whether that is a minor of 18 by a calendar in Tokyo; `None`:
/// unknown.
const DAYS: &[(&str, &str, Option<bool>)] = &[
    // 14:59 UTC is the last minute of a day in Tokyo, 15:00 the first of the next.
    ("2024-03-09 14:59:59+00", "2006-03-10", Some(true)),
    ("2024-03-09 15:00:00+00", "2006-03-10", Some(false)),
    ("2024-03-10 14:59:59+00", "2006-03-11", Some(true)),
    // Born on a leap day: of age on 1 March of a year without one.
    ("2022-02-27 15:00:00+00", "2004-02-29", Some(true)),
    ("2022-02-28 14:59:59+00", "2004-02-29", Some(true)),
    ("2022-02-28 15:00:00+00", "2004-02-29", Some(false)),
    // Today is a leap day.
    ("2024-02-29 03:00:00+00", "2006-02-28", Some(false)),
    ("2024-02-29 03:00:00+00", "2006-03-01", Some(true)),
    ("2023-12-31 15:00:00+00", "2006-01-01", Some(false)),
    ("2024-06-01 00:00:00+00", "1950-01-01", Some(false)),
    ("2024-06-01 00:00:00+00", "2030-01-01", Some(true)),
    ("2024-06-01 00:00:00+00", "5874897-12-31", Some(true)),
    ("2024-06-01 00:00:00+00", "infinity", Some(true)),
    ("2024-06-01 00:00:00+00", "-infinity", None),
    ("2024-06-01 00:00:00+00", "4713-01-01 BC", None),
    ("2024-06-01 00:00:00+00", "0001-01-01", None),
    ("2024-06-01 00:00:00+00", "1894-06-01", None),
    ("2024-06-01 00:00:00+00", "1894-06-02", Some(false)),
];

fn minor(catalog: &Catalog, table: &str, unknown_is_adult: bool) -> String {
    let row = catalog.by_name(&QualifiedName::new("public", table)).expect("the table");
    let limit = AgeLimit { birth_date: Name::new("born"), years: 18, unknown_is_adult };
    age::minor(&limit, row, "Asia/Tokyo").expect("a condition").with_alias("t")
}

#[test]
fn people_come_of_age_on_their_birthday_where_the_policy_applies() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_database("ages", "template0");
    let script = "CREATE TABLE of_date (born date); CREATE TABLE of_time (born timestamp); \
         CREATE TABLE of_zone (born timestamptz);";
    cluster.execute("ages", script);
    let catalog = parse_schema(script).expect("a catalog");
    let mut client = Client::connect(&cluster.superuser("ages")).expect("login");
    let mut wrong = Vec::new();
    for settings in [
        "SET \"TimeZone\" = 'Pacific/Kiritimati'; SET DateStyle = 'German'",
        "SET \"TimeZone\" = 'Etc/GMT+12'; SET IntervalStyle = 'sql_standard'; SET DateStyle = 'SQL, DMY'",
    ] {
        for (at, born, expected) in DAYS {
            for (table, kind) in
                [("of_date", "date"), ("of_time", "timestamp"), ("of_zone", "timestamptz")]
            {
                // The last day that a date can be is none for a moment.
                if born.starts_with("5874897") && kind != "date" {
                    continue;
                }
                client.rows(settings);
                // A moment of that day in the policy's zone.
                let value = match kind {
                    "timestamptz" if !born.ends_with("infinity") => {
                        format!(
                            "('{born}'::date::timestamp + interval '5 hours') AT TIME ZONE 'Asia/Tokyo'"
                        )
                    }
                    _ => format!("'{born}'::{kind}"),
                };
                client.rows("SET DateStyle = 'ISO, YMD'");
                for adult in [false, true] {
                    let sql = minor(&catalog, table, adult).replace(
                        "pg_catalog.statement_timestamp()",
                        &format!("'{at}'::timestamptz"),
                    );
                    let sql = format!("SELECT ({sql}) IS FALSE FROM (SELECT {value} AS born) t");
                    let is_adult = client.value(&sql).as_deref() == Some("t");
                    let infinite = adult && *born == "infinity";
                    let wanted = expected.map_or(adult, |minor| !minor) || infinite;
                    if is_adult != wanted {
                        wrong.push(format!(
                            "{at} {born} {kind}, unknown is adult: {adult}: {is_adult}"
                        ));
                    }
                }
            }
        }
    }
    for table in ["of_date", "of_time", "of_zone"] {
        for adult in [false, true] {
            let sql = minor(&catalog, table, adult);
            let sql = format!("SELECT ({sql}) IS FALSE FROM (SELECT NULL::timestamp AS born) t");
            let sql = sql.replace(
                "NULL::timestamp",
                match table {
                    "of_date" => "NULL::date",
                    "of_time" => "NULL::timestamp",
                    _ => "NULL::timestamptz",
                },
            );
            if (client.value(&sql).as_deref() == Some("t")) != adult {
                wrong.push(format!("{table}: NULL, unknown is adult: {adult}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
