//! Who has left, or is locked because of a leak, is not there from the next statement on, whatever
//! the statement is: but for the purposes that the rules except.

use super::harness::client::rows_of;
use super::harness::{Client, Outgoing, Proxy};
use super::verb::{Desk, all, pgpurpose};
use super::{POLICY, Town};

/// People leave by the column of their own table or in the consent store; they are locked there.
fn policy() -> String {
    let stored = POLICY.replace(
        "  cancelled: status = 'cancelled'\n",
        "  cancelled: status = 'cancelled'\n  locked: status = 'locked'\n  status: store\n",
    );
    let purposes = "  archive: { consent: none, data: { basic: allow } }\n\
                    \x20 fraud: { consent: none, data: { basic: allow } }\n";
    let stored = stored.replace("roles:\n", &format!("{purposes}roles:\n"));
    let stored = stored.replace("may: [serve, ads]", "may: [serve, ads, archive, fraud]");
    format!(
        "{stored}
rules:
  - {{ id: left, when: {{ subject: cancelled }}, except: {{ purpose: archive }}, then: hide_rows }}
  - {{ id: leaked, when: {{ subject: locked }}, except: {{ purpose: fraud }}, then: hide_rows }}
"
    )
}

struct Place {
    town: Town,
    proxy: Proxy,
    desk: Desk,
}

impl Place {
    fn make(database: &'static str) -> Option<Place> {
        let town = Town::make(database)?;
        let desk = Desk::with(&town, &policy());
        let mut command = pgpurpose();
        command.args(["consent", "install", "--readers", "clerk", "--upstream", &desk.url]);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", all(&output));
        let proxy = Proxy::start(town.cluster, database, &[("policy.yaml", &policy())]);
        Some(Place { town, proxy, desk })
    }

    fn client(&self, purpose: &str) -> Client {
        self.town.through(&self.proxy, purpose)
    }

    fn change(&self, verb: &str) {
        let output = self.desk.run(verb, "7", &[]);
        assert_eq!(output.status.code(), Some(0), "{verb}: {}", all(&output));
    }
}

/// How often person 7 turns up, by every way of reading.
fn seen(client: &mut Client) -> Vec<usize> {
    let reads = [
        "SELECT name FROM person WHERE id = 7",
        "SELECT name FROM person WHERE name LIKE 'Name7'",
        "SELECT item FROM purchase WHERE person_id = 7",
        "SELECT text FROM line WHERE purchase_id = 6",
        "SELECT total FROM invoice WHERE id = 1",
        "SELECT b.item FROM person p JOIN purchase b ON b.person_id = p.id WHERE p.id = 7",
        "SELECT 1 FROM product WHERE EXISTS (SELECT FROM visit WHERE person_id = 7)",
        "SELECT max(street) FROM address WHERE person_id = 7 HAVING count(*) > 0",
        "WITH m AS (SELECT body FROM message WHERE sender_id = 7) SELECT * FROM m",
        "SELECT page FROM visit_new WHERE person_id = 7",
    ];
    let mut found: Vec<usize> = reads.iter().map(|sql| client.rows(sql).len()).collect();
    let copied = client.query("COPY (SELECT name FROM person WHERE id = 7) TO STDOUT");
    found.push(copied.iter().filter(|message| message.tag == b'd').count());
    let whole = client.query("COPY person TO STDOUT");
    let seventh = whole.iter().filter(|m| m.tag == b'd' && m.body.starts_with(b"7\t"));
    found.push(seventh.count());
    client.query("BEGIN; DECLARE c CURSOR FOR SELECT name FROM person WHERE id = 7");
    found.push(rows_of(&client.query("FETCH ALL FROM c")).expect("rows").len());
    client.query("COMMIT");
    let bound = Outgoing::new().extended("SELECT name FROM person WHERE id = $1", &[Some(b"7")]);
    client.send(&bound);
    found.push(rows_of(&client.receive_through(b'Z')).expect("rows").len());
    found
}

const THERE: [usize; 14] = [1, 1, 4, 2, 1, 4, 1, 1, 2, 1, 1, 1, 1, 1];

fn written(client: &mut Client) -> Vec<String> {
    let writes = [
        "UPDATE person SET name = 'Name7' WHERE id = 7",
        "UPDATE line SET text = text WHERE purchase_id = 6",
        "DELETE FROM message WHERE sender_id = 7 AND id = 3",
    ];
    let tag = |sql: &&str| {
        let reply = client.query(&format!("BEGIN; {sql}"));
        client.query("ROLLBACK");
        let mut tags = reply.iter().filter(|m| m.tag == b'C');
        let last = tags.next_back().unwrap_or_else(|| panic!("{sql}: {reply:?}"));
        String::from_utf8_lossy(&last.body).trim_end_matches('\0').to_owned()
    };
    writes.iter().map(tag).collect()
}

#[test]
fn who_has_left_is_not_there_from_the_next_statement_on() {
    let Some(place) = Place::make("subjects_left") else { return };
    let (mut serve, mut archive) = (place.client("serve"), place.client("archive"));
    let prepared = Outgoing::new().parse("s", "SELECT name FROM person WHERE id = 7").sync();
    serve.send(&prepared);
    serve.receive_through(b'Z');
    let mut again = |expected: usize| {
        serve.send(&Outgoing::new().bind("s", &[]).execute("", 0).sync());
        let rows = rows_of(&serve.receive_through(b'Z')).expect("rows");
        assert_eq!(rows.len(), expected);
    };
    again(1);
    let mut other = place.client("serve");
    assert_eq!(seen(&mut other), THERE);
    assert_eq!(written(&mut other), ["UPDATE 1", "UPDATE 2", "DELETE 1"]);
    place.change("cancel");
    again(0);
    assert_eq!(seen(&mut other), [0; 14]);
    assert_eq!(written(&mut other), ["UPDATE 0", "UPDATE 0", "DELETE 0"]);
    assert_eq!(seen(&mut archive), THERE);
    // By the column of the table of people just as well.
    let mut others = other.rows("SELECT count(*) FROM person").remove(0);
    assert_eq!(others.remove(0).as_deref(), Some("49"));
    let cancel = "UPDATE person SET status = 'cancelled' WHERE id = 8";
    place.town.cluster.execute(place.town.database, cancel);
    assert_eq!(other.rows("SELECT name FROM person WHERE id = 8").len(), 0);
    // Erased as well as cancelled.
    let done = place.desk.run("erase", "9", &[]);
    assert_eq!(done.status.code(), Some(0), "{}", all(&done));
    assert_eq!(archive.rows("SELECT name FROM person WHERE id = 9").len(), 0);
}

#[test]
fn who_is_locked_is_there_for_those_who_look_into_it() {
    let Some(place) = Place::make("subjects_locked") else { return };
    let (mut serve, mut fraud) = (place.client("serve"), place.client("fraud"));
    assert_eq!(seen(&mut serve), THERE);
    place.change("lock");
    assert_eq!(seen(&mut serve), [0; 14]);
    assert_eq!(written(&mut serve), ["UPDATE 0", "UPDATE 0", "DELETE 0"]);
    assert_eq!(seen(&mut fraud), THERE);
    assert_eq!(seen(&mut place.client("archive")), [0; 14]);
    let decision = place.proxy.audit_lines();
    assert!(decision.iter().any(|line| line["filters"].to_string().contains("locked")));
    place.change("unlock");
    assert_eq!(seen(&mut serve), THERE);
}
