//! Within a token nothing goes beyond it, and with one nothing goes beyond the role.

use serde_json::json;

use super::{World, name, refused, set};

#[test]
fn a_token_narrows_and_never_widens() {
    let Some(world) = World::start("tok_narrow") else { return };
    let mut app = world.connect("tok_app");
    // The role may look; the token was made for tending.
    set(&mut app, "token", &world.token(json!({})));
    assert!(name(&mut app).contains("not made for this purpose"), "{}", name(&mut app));
    let told = refused(&app.query("SET pgpurpose.purpose = 'look'"));
    assert!(told.starts_with("42501"), "{told}");
    // For what the role may not claim, no token helps.
    set(&mut app, "token", &world.token(json!({"purposes": ["share", "share.law", "look"]})));
    let told = refused(&app.query("SET pgpurpose.purpose = 'share.law'"));
    assert!(told.contains("may not claim it"), "{told}");
    // Another role's token.
    for role in [json!("tok_desk"), json!(["tok_desk", "TOK_APP"]), json!(""), json!([])] {
        set(&mut app, "token", &world.token(json!({"role": role, "purposes": ["look"]})));
        assert!(name(&mut app).contains("not made for role"), "{role}: {}", name(&mut app));
    }
    set(&mut app, "token", &world.token(json!({"role": ["x", "tok_app"], "purposes": ["look"]})));
    assert_eq!(name(&mut app), "***");
}

#[test]
fn the_recipient_is_the_one_that_is_named() {
    let Some(world) = World::start("tok_recipient") else { return };
    let law = |over: serde_json::Value| {
        let mut claims = json!({"purposes": ["share.law"]});
        claims.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        world.token(claims)
    };
    let mut desk = world.connect("tok_desk");
    set(&mut desk, "purpose", "share.law");
    assert!(name(&mut desk).contains("must present a purpose token"), "{}", name(&mut desk));
    set(&mut desk, "token", &law(json!({"role": "tok_desk"})));
    assert!(name(&mut desk).contains("does not say who receives"), "{}", name(&mut desk));
    set(&mut desk, "token", &law(json!({"role": "tok_desk", "recipient": "District court"})));
    assert_eq!(name(&mut desk), "Name1");
    let last = world.proxy.audit_lines();
    let last = last.iter().rev().find(|line| line["decision"] == "allow").unwrap();
    assert_eq!(last["evidence"]["recipient"], "District court");
    assert!(last["evidence"]["jti"].as_str().unwrap().starts_with("t-"));
    let told = refused(&desk.query("SET pgpurpose.purpose = 'share.fraud'"));
    assert!(told.contains("not made for this purpose"), "{told}");
    // The rules name who receives: a token cannot name another.
    let mut acme = world.connect("tok_acme");
    set(&mut acme, "purpose", "share.law");
    set(&mut acme, "token", &law(json!({"role": "tok_acme", "recipient": "Bravo Ltd"})));
    assert!(name(&mut acme).contains("another recipient"), "{}", name(&mut acme));
    set(&mut acme, "token", &law(json!({"role": "tok_acme", "recipient": "Acme Ltd"})));
    assert_eq!(name(&mut acme), "Name1");
    set(&mut acme, "token", &law(json!({"role": "tok_acme"})));
    assert_eq!(name(&mut acme), "Name1");
}
