//! Invented people and what they chose, from a seed.

use std::fmt::Write as _;

/// A moment that a record names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Past,
    Future,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Born {
    Adult,
    Minor,
    TodayOfAge,
    TomorrowOfAge,
    Missing,
    Infinity,
    MinusInfinity,
    LongAgo,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub purpose: Option<&'static str>,
    pub category: Option<&'static str>,
    pub service: Option<&'static str>,
    pub recipient: Option<&'static str>,
    pub choice: Option<&'static str>,
    pub guardian: Option<bool>,
    pub since: Option<Time>,
    pub until: Option<Time>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: usize,
    pub born: Born,
    pub records: Vec<Record>,
}

/// A generator of numbers (xorshift).
pub struct Seed(pub u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.next() % all.len() as u64).unwrap()]
    }

    fn maybe<T: Copy>(&mut self, one_in: u64, all: &[T]) -> Option<T> {
        self.next().is_multiple_of(one_in).then(|| self.pick(all))
    }
}

const PURPOSES: [&str; 12] = [
    "serve",
    "ads",
    "promo",
    "promo.mail",
    "study",
    "study",
    "other",
    "other.x",
    "other.x",
    "give",
    "cross_service",
    "cross_service.live",
];
const CATEGORIES: [&str; 7] = [
    "basic",
    "basic.name",
    "basic.phone",
    "property",
    "property.item",
    "property.item.what",
    "property.item.price",
];
const CHOICES: [Option<&str>; 10] = [
    Some("given"),
    Some("given"),
    Some("given"),
    Some("given"),
    Some("given"),
    Some("refused"),
    Some("withdrawn"),
    Some("GIVEN"),
    Some(""),
    None,
];
const TIMES: [Time; 4] = [Time::Past, Time::Future, Time::Always, Time::Never];
const BORN: [Born; 10] = [
    Born::Adult,
    Born::Adult,
    Born::Adult,
    Born::Minor,
    Born::TodayOfAge,
    Born::TomorrowOfAge,
    Born::Missing,
    Born::Infinity,
    Born::MinusInfinity,
    Born::LongAgo,
];

pub fn people(count: usize, seed: u64) -> Vec<Person> {
    let mut seed = Seed(seed);
    (1..=count)
        .map(|id| {
            let records = (0..seed.next() % 5).map(|_| record(&mut seed)).collect();
            Person { id, born: seed.pick(&BORN), records }
        })
        .collect()
}

/// Somebody refuses to have a category collected.
pub fn refusal(category: &'static str) -> Record {
    Record {
        purpose: None,
        category: Some(category),
        service: None,
        recipient: None,
        choice: Some("refused"),
        guardian: Some(false),
        since: None,
        until: None,
    }
}

fn record(seed: &mut Seed) -> Record {
    let purpose = if seed.next().is_multiple_of(5) { None } else { Some(seed.pick(&PURPOSES)) };
    let wide = |seed: &mut Seed| seed.next().is_multiple_of(3);
    Record {
        purpose,
        category: if wide(seed) { None } else { seed.maybe(2, &CATEGORIES) },
        service: seed.maybe(4, &["shop", "live"]),
        recipient: if purpose == Some("give") {
            seed.maybe(1, &["Acme Ltd", "Acme Ltd", "Bert"])
        } else {
            seed.maybe(8, &["Acme Ltd", "Bert"])
        },
        choice: seed.pick(&CHOICES),
        guardian: seed.pick(&[Some(false), Some(false), Some(true), None]),
        since: seed.maybe(4, &TIMES),
        until: seed.maybe(3, &TIMES),
    }
}

fn text(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}

/// As SQL, with one row of every table for each person.
pub fn insert(people: &[Person]) -> String {
    let mut sql = String::new();
    for person in people {
        let id = person.id;
        let today = "(now() AT TIME ZONE 'Asia/Tokyo')::date";
        let of_age = format!("({today} - interval '18 years')::date");
        let born = match person.born {
            Born::Adult => "'1980-02-03'".to_owned(),
            Born::Minor => format!("{today} - 4000"),
            Born::TodayOfAge => of_age,
            Born::TomorrowOfAge => format!("{of_age} + 1"),
            Born::Missing => "NULL".to_owned(),
            Born::Infinity => "'infinity'".to_owned(),
            Born::MinusInfinity => "'-infinity'".to_owned(),
            Born::LongAgo => "'0001-01-01'".to_owned(),
        };
        let _ = writeln!(
            sql,
            "INSERT INTO shop.person VALUES ({id}, 'N{id}', 'P{id}', 'O{id}', {born}); \
             INSERT INTO shop.item VALUES ({id}, {id}, 'W{id}', {id}, 'A{id}'); \
             INSERT INTO live.viewer VALUES ({id}, {id}, 'L{id}');"
        );
        for record in &person.records {
            let time = |time: Option<Time>, zone: &str| match time {
                None => "NULL".to_owned(),
                Some(Time::Past) => format!("now(){zone} - interval '20 hours'"),
                Some(Time::Future) => format!("now(){zone} + interval '20 hours'"),
                Some(Time::Always) => "'infinity'".to_owned(),
                Some(Time::Never) => "'-infinity'".to_owned(),
            };
            let _ = writeln!(
                sql,
                "INSERT INTO shop.choice VALUES ({id}, {}, {}, {}, {}, {}, {}, {}, {});",
                text(record.purpose),
                text(record.category),
                text(record.service),
                text(record.recipient),
                text(record.choice),
                record.guardian.map_or("NULL".to_owned(), |by| by.to_string()),
                time(record.since, ""),
                time(record.until, " AT TIME ZONE 'Asia/Tokyo'"),
            );
        }
    }
    sql
}
