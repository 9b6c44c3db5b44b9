//! Functions, operators, triggers, procedures: what runs behind a statement.

use super::{Town, failed, told};
use crate::harness::Outgoing;

/// What the owner of the database has made beside the proxy.
const MADE: &str = "
CREATE SCHEMA util; GRANT USAGE ON SCHEMA util TO town; GRANT CREATE ON SCHEMA public TO town;
CREATE SCHEMA hidden; CREATE VIEW hidden.note AS SELECT id, email AS text FROM person;
GRANT USAGE ON SCHEMA hidden TO town; GRANT SELECT ON hidden.note TO town;
CREATE FUNCTION slug(a text) RETURNS text LANGUAGE sql AS 'SELECT lower(replace(a, '' '', ''-''))';
CREATE FUNCTION note_of(i int) RETURNS text LANGUAGE sql BEGIN ATOMIC
  SELECT text FROM note WHERE id = i; END;
CREATE FUNCTION email_of(i int) RETURNS text LANGUAGE sql SECURITY DEFINER AS
  'SELECT email FROM person WHERE id = i';
CREATE FUNCTION atomic(i int) RETURNS text LANGUAGE sql BEGIN ATOMIC
  SELECT email FROM person WHERE id = i; END;
CREATE FUNCTION dynamic(t text) RETURNS text LANGUAGE plpgsql AS
  'DECLARE r text; BEGIN EXECUTE t INTO r; RETURN r; END';
CREATE FUNCTION defaulted(a text DEFAULT email_of(1)) RETURNS text LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION shifted(i int) RETURNS text LANGUAGE sql SET search_path = hidden AS
  'SELECT text FROM note WHERE id = i';
CREATE FUNCTION add(a text, b text) RETURNS text LANGUAGE sql AS 'SELECT a || email_of(1)';
CREATE AGGREGATE adds (text) (SFUNC = add, STYPE = text, INITCOND = '');
CREATE AGGREGATE longest (text) (SFUNC = pg_catalog.text_larger, STYPE = text);
CREATE OPERATOR public.|+| (FUNCTION = add, LEFTARG = text, RIGHTARG = text);
CREATE TYPE kind AS ENUM ('a');
CREATE FUNCTION of_kind(kind) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN email_of(1); END';
CREATE CAST (kind AS text) WITH FUNCTION of_kind(kind) AS ASSIGNMENT;
CREATE FUNCTION util.stamp() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN NEW.text = upper(NEW.text); RETURN NEW; END';
CREATE FUNCTION copies() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO note VALUES (NEW.id + 1000, NEW.email); RETURN NEW; END';
CREATE PROCEDURE util.tidy() LANGUAGE plpgsql AS 'BEGIN DELETE FROM note WHERE id < 3; END';
CREATE PROCEDURE leak() LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', email_of(1); END';
";

/// Each tells a secret beside the proxy, and is refused through it.
const TELLING: &[&str] = &[
    "SELECT email_of(1)",
    "SELECT atomic(1)",
    "SELECT dynamic('SELECT email FROM person LIMIT 1')",
    "SELECT defaulted()",
    "SELECT shifted(1)",
    "SELECT adds(text) FROM note",
    "SELECT text |+| text FROM note WHERE id = 1",
    "SELECT 'a'::kind::text",
    "SELECT email_of(id) FROM note WHERE id = 1",
    "SELECT * FROM email_of(1)",
    "SELECT t.* FROM note n, LATERAL atomic(n.id) t",
    "CALL leak()",
    "DO $$ BEGIN RAISE NOTICE '%', (SELECT email FROM person LIMIT 1); END $$",
    "CREATE FUNCTION f1() RETURNS text LANGUAGE sql AS 'SELECT email FROM person LIMIT 1'; SELECT f1()",
    "CREATE FUNCTION f2() RETURNS text LANGUAGE plpgsql AS \
     'BEGIN RETURN (SELECT email FROM person LIMIT 1); END'; SELECT f2()",
    "CREATE TRIGGER t AFTER UPDATE ON person FOR EACH ROW EXECUTE FUNCTION copies(); \
     UPDATE person SET balance = 1 WHERE id = 1; SELECT text FROM note WHERE id = 1001",
    "CREATE RULE r AS ON UPDATE TO note DO ALSO SELECT email FROM person; UPDATE note SET id = id",
    "SELECT query_to_xml('SELECT email FROM person', true, true, '')",
    "SELECT * FROM ts_stat('SELECT to_tsvector(email) FROM person')",
    "SELECT cursor_to_xml('c', 1, true, true, '') FROM (SELECT 1) x",
    "SELECT set_config('app.x', (SELECT email FROM person LIMIT 1), false)",
    "LISTEN c; SELECT pg_notify('c', email) FROM person WHERE id = 1",
];

#[test]
fn code_of_users_reads_nothing_behind_a_statement() {
    let Some(town) = Town::start("code", MADE) else { return };
    let mut through = town.client("masked");
    for sql in TELLING {
        let reply = through.query(sql);
        assert!(failed(&reply).is_some(), "{sql}: {}", told(&reply));
        assert!(!told(&reply).contains("SECRET@"), "{sql}: {}", told(&reply));
    }
    let mut beside = town.beside();
    beside.query("BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT email FROM person; COMMIT");
    for sql in TELLING {
        let control = told(&beside.query(sql));
        assert!(control.to_uppercase().contains("SECRET"), "{sql} proves nothing: {control}");
    }
}

/// What an ordinary application does with its own functions.
const ORDINARY: &[&str] = &[
    "SELECT slug('A b')",
    "SELECT slug(text) FROM note ORDER BY 1 LIMIT 1",
    "SELECT note_of(1)",
    "SELECT longest(text) FROM note",
    "SELECT slug(name) FROM person WHERE id = 1",
    "CREATE FUNCTION shout(a text) RETURNS text LANGUAGE sql AS $$ SELECT upper(a) $$",
    "SELECT shout('a')",
    "CREATE TRIGGER stamp BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION util.stamp()",
    "INSERT INTO note VALUES (2000, 'x')",
    "DROP FUNCTION shout(text)",
    "CALL util.tidy()",
];

#[test]
fn ordinary_functions_are_called() {
    let Some(town) = Town::start("ordinary_code", MADE) else { return };
    let mut through = town.superuser();
    for sql in ORDINARY {
        assert_eq!(failed(&through.query(sql)), None, "{sql}");
    }
    let stamped = through.value("SELECT text FROM note WHERE id = 2000");
    assert_eq!(stamped.as_deref(), Some("X"));
    assert_eq!(through.value("SELECT count(*) FROM note WHERE id < 3").as_deref(), Some("0"));
}

/// What a write sets off, and a type's check, count as the purpose that meets them may see.
#[test]
fn code_that_reads_is_for_purposes_that_see() {
    let made = "
        CREATE FUNCTION known(text) RETURNS boolean LANGUAGE plpgsql AS
          'BEGIN RETURN EXISTS (SELECT FROM public.person WHERE email = $1); END';
        CREATE DOMAIN known_email AS text CHECK (known(VALUE));
        CREATE FUNCTION count_people() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN NEW.text := (SELECT count(*) FROM public.person); RETURN NEW; END';
        CREATE TABLE tally (id int, text text);
        CREATE TRIGGER count_people BEFORE INSERT ON tally
          FOR EACH ROW EXECUTE FUNCTION count_people();
        GRANT ALL ON tally TO town;";
    let Some(town) = Town::start("doors_beside", made) else { return };
    let policy = crate::POLICY
        .replace("unlisted: { function: allow }", "trusted_functions: []")
        .replace("  public.note: plain", "  public.note: plain\n  public.tally: plain");
    town.proxy.write_rules("policy.yaml", &policy);
    town.proxy.signal("HUP");
    let insert = "INSERT INTO tally VALUES (1) RETURNING text";
    let (mut sees, mut masked) = (town.client("serve"), town.client("masked"));
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while failed(&sees.query(insert)).is_some() {
        assert!(std::time::Instant::now() < until, "{:?}", failed(&sees.query(insert)));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let why = failed(&masked.query(insert)).expect("refused");
    assert!(why.contains("reads public.person"), "{why}");
    assert_eq!(sees.value("SELECT 'SECRET@1'::known_email IS NULL").as_deref(), Some("f"));
    assert!(failed(&masked.query("SELECT 'SECRET@1'::known_email IS NULL")).is_some());
    // A parameter may be given the type without naming it.
    let id = town.beside().value("SELECT 'known_email'::regtype::oid").expect("an id");
    let types = [id.parse().expect("a number")];
    for value in ["SECRET@1", "nobody"] {
        let text: &[u8] = value.as_bytes();
        let guess = Outgoing::new().parse_typed("", "SELECT $1 IS NULL", &types);
        masked.send(&guess.bind("", &[Some(text)]).execute("", 0).sync());
        let why = failed(&masked.receive_through(b'Z')).expect("refused");
        assert!(why.contains("user's type"), "{why}");
    }
}
