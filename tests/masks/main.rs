//! Every mask over ordinary and extreme values of every type it is for: none raises, none keeps a
//! short value, NULL stays NULL, and the type is the column's own.

#[path = "../harness/mod.rs"]
mod harness;

use std::collections::BTreeMap;

use harness::{Client, Cluster, Proxy};

const RULES: &str = "
tables:
  public.m:
    subject: id
    plain: [id]
    i2: x.bucket
    i4: x.bucket
    i8: x.bucket
    n: x.bucket
    n82: x.bucket
    f4: x.bucket
    f8: x.bucket
    mo: x.bucket
    d: x.year
    ts: x.year
    tz: x.year
    ip: x.subnet
    ci: x.subnet
    addr: x.subnet
    t: x.last4
    v: x.last4
    c: x.last4
    em: x.email
    ad: x.city
    na: x.initial
    fx: x.fixed
categories:
  x: { bucket: bucket, year: year, subnet: subnet, last4: last4, email: email, city: city, initial: initial, fixed: fixed }
purposes:
  masked: { consent: none, data: { x: mask } }
  clear: { consent: none, data: { x: allow } }
roles:
  masks: { may: [masked, clear], default: masked }
";

const TABLE: &str = "CREATE TABLE m (id int PRIMARY KEY, i2 int2, i4 int4, i8 int8, n numeric,
    n82 numeric(12,2), f4 real, f8 double precision, mo money, d date, ts timestamp(3),
    tz timestamptz, ip inet, ci cidr, addr text, t text, v varchar(12), c char(8), em text,
    ad text, na text, fx varchar(2));
GRANT SELECT ON m TO masks;";

/// Column, value, what is to be seen.
const CASES: &[(&str, &str, Option<&str>)] = &[
    ("i2", "347", Some("300")),
    ("i2", "-32768", Some("-30000")),
    ("i4", "-2147483648", Some("-2000000000")),
    ("i4", "9", Some("0")),
    ("i4", "-9", Some("0")),
    ("i4", "10", Some("10")),
    ("i8", "9223372036854775807", Some("9000000000000000000")),
    ("n", "12.50", Some("10")),
    ("n", "0.037", Some("0")),
    ("n", "-123456789012345678901234567890.5", Some("-100000000000000000000000000000")),
    ("n", "NaN", None),
    ("n", "Infinity", None),
    ("n82", "9999999999.99", Some("9000000000.00")),
    ("f4", "-3.4e38", Some("-3e+38")),
    ("f4", "NaN", None),
    ("f8", "1.7e308", None),
    ("f8", "-Infinity", None),
    ("f8", "347.9", Some("300")),
    ("mo", "-92233720368547758.08", Some("-$90,000,000,000,000,000.00")),
    ("d", "1992-10-16", Some("1992-01-01")),
    ("d", "infinity", None),
    ("d", "0044-03-15 BC", None),
    ("d", "5874897-12-31", None),
    ("ts", "1992-10-16 10:11:12", Some("1992-01-01 00:00:00")),
    ("ts", "-infinity", None),
    ("ts", "294276-12-31", None),
    ("tz", "1992-10-16 10:11:12+00", Some("1992-01-01 00:00:00+00")),
    ("ip", "10.1.2.3", Some("10.1.2.0/24")),
    ("ip", "2001:db8:1:2::1", Some("2001:db8:1::/48")),
    ("ip", "0.0.0.0/0", Some("0.0.0.0/24")),
    ("ci", "10.1.2.3/32", Some("10.1.2.0/24")),
    ("addr", "192.168.17.4", Some("192.168.17.0/24")),
    ("addr", "not an address", Some("***")),
    ("t", "+8613800001234", Some("***1234")),
    ("t", "1234", Some("***")),
    ("t", "", Some("***")),
    ("t", "日本語テキスト", Some("***テキスト")),
    ("v", "12345678901", Some("***8901")),
    ("c", "abcdef", Some("***cdef ")),
    ("c", "ab", Some("***     ")),
    ("em", "wang.li@example.org", Some("w***@example.org")),
    ("em", "a@example.org", Some("***@example.org")),
    ("em", "@example.org", Some("***")),
    ("em", "nobody", Some("***")),
    ("em", "\"a@b\"@example.org", Some("\"***@example.org")),
    ("ad", "12 Nanjing Road, Shanghai, 200001", Some("Shanghai")),
    ("ad", "Berlin, 12 Main", Some("Berlin")),
    ("ad", "12 Main Street", Some("***")),
    ("ad", ",,,", Some("***")),
    ("na", "Wang Li", Some("W. L.")),
    ("na", "王丽", Some("王*")),
    ("na", "J", Some("***")),
    ("na", "A B", Some("***")),
    ("fx", "ab", Some("**")),
];

#[test]
fn masks_keep_their_promises() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role("masks");
    cluster.create_database("masks", "template0");
    cluster.execute("masks", TABLE);
    let columns: Vec<&str> = {
        let mut seen = BTreeMap::new();
        CASES
            .iter()
            .filter(|(column, _, _)| seen.insert(*column, ()).is_none())
            .map(|c| c.0)
            .collect()
    };
    for (id, (column, value, _)) in CASES.iter().enumerate() {
        let sql = format!("INSERT INTO m (id, {column}) VALUES ({id}, '{value}')");
        cluster.execute("masks", &sql);
    }
    let proxy = Proxy::start(cluster, "masks", &[("rules.yaml", RULES)]);
    let login = proxy.login("masks", "masks");
    let mut masked = Client::connect(&login).expect("login");
    let mut wrong = Vec::new();
    for (id, (column, value, seen)) in CASES.iter().enumerate() {
        let sql = format!("SELECT {column} FROM m WHERE id = {id}");
        let rows = masked.rows(&sql);
        if rows != [vec![seen.map(str::to_owned)]] {
            wrong.push(format!("{column} of {value}: {rows:?} instead of {seen:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // NULL stays NULL, and no row is told apart by an error: all columns of all rows at once.
    for column in columns {
        let nulls = format!("SELECT count(*) FROM m WHERE {column} IS NOT NULL");
        let given = CASES.iter().filter(|(c, _, seen)| *c == column && seen.is_some()).count();
        assert_eq!(masked.value(&nulls), Some(given.to_string()), "{column}");
    }
    let types = "SELECT string_agg(DISTINCT concat_ws(' ', pg_typeof(i2), pg_typeof(n82), \
                 pg_typeof(mo), pg_typeof(tz), pg_typeof(ci), pg_typeof(v), pg_typeof(c)), '|') FROM m";
    let mut clear = Client::connect(&login.for_purpose("clear")).expect("login");
    assert_eq!(masked.value(types), clear.value(types));
    assert_eq!(described(&mut masked), described(&mut clear));
}

/// Names, types and modifiers of the columns, as the server describes them.
fn described(client: &mut Client) -> Vec<u8> {
    let reply = client.query("SELECT * FROM m WHERE false");
    let row = reply.iter().find(|message| message.tag == b'T').expect("a description");
    // Where a column comes from (table and number) is told only of columns that are not masked.
    let mut body = row.body[2..].to_vec();
    let mut out = Vec::new();
    while !body.is_empty() {
        let end = body.iter().position(|b| *b == 0).expect("a name") + 1;
        out.extend_from_slice(&body[..end]);
        out.extend_from_slice(&body[end + 6..end + 18]);
        body.drain(..end + 18);
    }
    out
}
