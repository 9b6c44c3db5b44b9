//! Whatever bytes come, in whatever pieces: no panic; and allowed traffic leaves as it came.

#[allow(dead_code, reason = "shared with other tests")]
mod wire;

use pgpurpose::wire::backend::{Described, put_description};
use pgpurpose::wire::frame::{put_cstring, put_message};
use pgpurpose::wire::login::Login;
use pgpurpose::wire::session::{Session, Turn, Wait};
use pgpurpose::wire::startup::Packet;
use proptest::prelude::*;
use wire::Words;

/// Feeds a session one side's bytes in pieces; gives what it sends on, unless it ends.
fn feed(
    session: &mut Session,
    bytes: &[u8],
    cuts: &[usize],
    of_client: bool,
) -> Result<Vec<u8>, String> {
    let world = Words::default();
    let mut sent = Vec::new();
    let mut pending = Vec::new();
    let mut at = 0;
    let mut cuts = cuts.iter().cycle();
    while at < bytes.len() {
        let piece = cuts.next().map_or(1, |cut| cut + 1).min(bytes.len() - at);
        pending.extend_from_slice(&bytes[at..at + piece]);
        at += piece;
        loop {
            let mut turn = Turn::default();
            let progress = match of_client {
                true => session.on_client(&pending, &mut turn, &world),
                false => session.on_server(&pending, &mut turn, &world),
            };
            sent.extend(turn.onward.pieces(&pending).flatten());
            let progress = progress.map_err(|refusal| refusal.message.clone())?;
            pending.drain(..progress.consumed);
            match progress.wait {
                Wait::Written(ticket) => session.written(ticket),
                _ => break,
            }
        }
    }
    Ok(sent)
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![0..4usize, 0..200usize], 1..20)
}

/// Bytes that are now and then a message.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let tag = prop::sample::select(b"QPBDECFHSdcfXpRKZTtACGIN123snVvW\0".to_vec());
    let message =
        (tag, prop::collection::vec(any::<u8>(), 0..60), -3..3i32).prop_map(|(tag, body, lie)| {
            let mut out = vec![tag];
            out.extend(
                (body.len() as i32 + 4 + lie.max(-1) * i32::from(lie % 2 == 0)).to_be_bytes(),
            );
            out.extend(body);
            out
        });
    prop::collection::vec(message, 0..8).prop_map(|messages| messages.concat())
}

/// A message of a client that nothing is held against.
fn allowed() -> impl Strategy<Value = Vec<u8>> {
    let text = "SELECT [a-z0-9 ü]{0,40}";
    let put = |tag: u8, body: Vec<u8>| {
        let mut out = Vec::new();
        put_message(&mut out, tag, |out| out.extend(body));
        out
    };
    let values = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..4);
    prop_oneof![
        text.prop_map(move |text| put(b'Q', [text.as_bytes(), b"\0"].concat())),
        text.prop_map(move |text| {
            let parse = [b"\0", text.as_bytes(), b"\0\0\0"].concat();
            // A statement, its portal, and rows of it.
            let mut out = put(b'P', parse);
            out.extend(put(b'B', b"\0\0\0\0\0\0\0\0".to_vec()));
            out.extend(put(b'D', b"P\0".to_vec()));
            out.extend(put(b'E', b"\0\0\0\0\x05".to_vec()));
            out
        }),
        (text, values).prop_map(move |(text, values)| {
            let mut bind = b"\0\0\0\0".to_vec();
            bind.extend((values.len() as u16).to_be_bytes());
            for value in values {
                bind.extend((value.len() as u32).to_be_bytes());
                bind.extend(value);
            }
            bind.extend([0, 0]);
            let parse = [b"\0", text.as_bytes(), b"\0\0\0"].concat();
            [put(b'P', parse), put(b'B', bind)].concat()
        }),
        Just(put(b'S', Vec::new())),
        Just(put(b'H', Vec::new())),
        prop::collection::vec(any::<u8>(), 0..900).prop_map(move |data| put(b'd', data)),
        Just(put(b'c', Vec::new())),
    ]
}

/// The answer to one simple query.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let row = prop::collection::vec(any::<u8>(), 0..2000);
    (prop::collection::vec(row, 0..20), any::<bool>()).prop_map(|(rows, notice)| {
        let mut out = Vec::new();
        let column = Described { name: b"whatever", table: 7, number: 1, kind: [7; 10], format: 1 };
        put_description(&mut out, &[column]);
        for row in rows {
            put_message(&mut out, b'D', |out| out.extend(row));
            if notice {
                put_message(&mut out, b'N', |out| out.extend(b"SNOTICE\0C00000\0Mm\0\0"));
                put_message(&mut out, b'A', |out| out.extend(b"\0\0\0\x01c\0\0"));
            }
        }
        put_message(&mut out, b'C', |out| put_cstring(out, b"SELECT 1"));
        put_message(&mut out, b'Z', |out| out.push(b'I'));
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn hostile_bytes_do_no_harm(client in hostile(), server in hostile(), cuts in cuts()) {
        let mut session = wire::session();
        let _ = feed(&mut session, &client, &cuts, true);
        let _ = feed(&mut session, &server, &cuts, false);
        let _ = feed(&mut session, &client, &cuts, true);
    }

    #[test]
    fn hostile_startup_does_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(Some((Packet::Startup(startup), length))) = Packet::read(&bytes) {
            prop_assert!(length <= bytes.len());
            let _ = startup.variables();
            let _ = startup.for_server(Some("ads"));
        }
        let mut login = Login::default();
        for tag in *b"RESKZNv" {
            let _ = login.on_server(tag, &bytes);
        }
    }

    #[test]
    fn allowed_requests_leave_as_they_came(
        messages in prop::collection::vec(allowed(), 0..10),
        cuts in cuts()
    ) {
        let bytes = messages.concat();
        let sent = feed(&mut wire::session(), &bytes, &cuts, true);
        prop_assert!(sent.as_ref() == Ok(&bytes), "{:?}", sent.map(|sent| sent.len()));
    }

    #[test]
    fn answers_leave_as_they_came(
        answers in prop::collection::vec(answer(), 1..4),
        cuts in cuts(),
        personal in any::<bool>()
    ) {
        let mut session = wire::session();
        let mut query = Vec::new();
        for _ in &answers {
            let text: &[u8] = if personal { b"SELECT personal" } else { b"SELECT 1" };
            put_message(&mut query, b'Q', |out| put_cstring(out, text));
        }
        feed(&mut session, &query, &cuts, true).unwrap();
        let bytes = answers.concat();
        let sent = feed(&mut session, &bytes, &cuts, false);
        prop_assert!(sent.as_ref() == Ok(&bytes), "{:?}", sent.map(|sent| sent.len()));
        prop_assert!(session.is_idle());
    }
}

/// A `Bind` that is longer than is kept streams past, under another name where it must.
#[test]
fn a_long_bind_streams_past() {
    for (set, name) in [(false, ""), (true, "pgpurpose_again_1")] {
        let mut session = wire::session();
        let mut parse = Vec::new();
        put_message(&mut parse, b'P', |out| out.extend(b"\0SELECT masked\0\0\0"));
        if set {
            for (tag, body) in [
                (b'P', &b"s\0SET pgpurpose.purpose = ads\0\0\0"[..]),
                (b'B', b"p\0s\0\0\0\0\0\0\0"),
                (b'E', b"p\0\0\0\0\0"),
            ] {
                put_message(&mut parse, tag, |out| out.extend(body));
            }
        }
        feed(&mut session, &parse, &[7], true).unwrap();
        let bind = |statement: &str| {
            let mut out = Vec::new();
            put_message(&mut out, b'B', |out| {
                out.push(0);
                put_cstring(out, statement.as_bytes());
                out.extend(b"\0\0\0\x01");
                out.extend(300_000u32.to_be_bytes());
                out.extend(vec![b'x'; 300_000]);
                out.extend(b"\0\0");
            });
            out
        };
        let sent = feed(&mut session, &bind(""), &[9_999], true).unwrap();
        assert!(sent.ends_with(&bind(name)), "{} bytes", sent.len());
    }
}
