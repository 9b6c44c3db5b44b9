//! What the shop's rules promise, at the level of uses and decisions.

use std::collections::BTreeMap;

use crate::model::privacy::Consent;
use crate::model::refusal::Reason;
use crate::model::ruling::{Agreement, Condition, Decision, RelationClass};
use crate::model::usage::SiteAccess;
use crate::policy::testing::{Statement, World, shop};

fn support() -> World {
    shop().under("support", "protect.customer_service").with("ticket", "T-1001")
}

fn reason(statement: &Statement<'_>) -> Reason {
    statement.decide().refusal.expect("a refusal").reason
}

fn actions(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(column, action)| ((*column).to_owned(), (*action).to_owned())).collect()
}

fn consent(purpose: &str) -> Condition {
    Condition::Consent(Agreement::to(Consent::Implied, vec![purpose.to_owned()]))
}

#[test]
fn support_sees_the_order_in_clear_and_contact_data_masked() {
    let world = support();
    let statement = world
        .read("shop.users", "name phone id")
        .site("shop.orders", SiteAccess::Read, "amount")
        .pin(0, "id")
        .equate((1, "user_id"), (0, "id"));
    let expected =
        actions(&[("name", "Mask(Initial)"), ("phone", "Mask(Last4)"), ("amount", "Allow")]);
    assert_eq!(statement.actions(), expected);
    let decision = statement.decide();
    assert_eq!(decision.max_rows, Some(200));
    assert_eq!(decision.sites[0].row_conditions, [Condition::NotCancelled]);
    assert_eq!(decision.sites[1].row_conditions, [Condition::NotCancelled]);
    assert!(!decision.observe);
}

#[test]
fn support_may_search_by_phone_and_still_sees_it_masked() {
    let world = support();
    let statement = world.read("shop.users", "phone").pin(0, "phone");
    assert_eq!(statement.actions(), actions(&[("phone", "Mask(Last4)")]));
    assert!(statement.decide().sites[0].columns[&6].lookup);
    // By name it may not: the name is masked, so the comparison pins nobody.
    let statement = world.read("shop.users", "phone").pin(0, "name");
    assert_eq!(reason(&statement), Reason::OnePerson);
    // E-mail is in two categories, and the purpose may look up both.
    let statement = world.read("shop.users", "email").pin(0, "email");
    assert_eq!(statement.actions(), actions(&[("email", "Mask(Email)")]));
}

#[test]
fn support_never_sees_passwords_nor_the_whole_table_nor_works_without_a_ticket() {
    let world = support();
    let refusal =
        world.read("shop.accounts", "password_hash").pin(0, "user_id").decide().refusal.unwrap();
    assert_eq!(refusal.reason, Reason::Column);
    assert_eq!(refusal.column.as_deref(), Some("password_hash"));
    assert_eq!(refusal.table.as_deref(), Some("accounts"));
    assert!(refusal.detail.unwrap().contains("network.password"));
    let statement = world.read("shop.users", "name");
    assert_eq!(statement.refused_by(), "only_one_person");
    let world = shop().under("support", "protect.customer_service");
    let statement = world.read("shop.users", "name").pin(0, "id");
    assert_eq!(statement.refused_by(), "needs.ticket");
}

#[test]
fn one_person_is_carried_by_equated_columns_only() {
    let world = support();
    let joined = world.read("shop.users", "id").pin(0, "id").site(
        "shop.orders",
        SiteAccess::Read,
        "amount user_id",
    );
    assert_eq!(reason(&joined), Reason::OnePerson);
    // A look-up pins the user, the user's id pins the orders.
    let joined = world
        .read("shop.users", "id")
        .pin(0, "phone")
        .site("shop.orders", SiteAccess::Read, "amount")
        .equate((0, "id"), (1, "user_id"));
    assert!(joined.decide().refusal.is_none());
    // Names are masked: equal masks are not equal people.
    let joined = world
        .read("shop.users", "id")
        .pin(0, "id")
        .site("shop.users", SiteAccess::Read, "id")
        .equate((0, "name"), (1, "name"));
    assert_eq!(reason(&joined), Reason::OnePerson);
}

#[test]
fn advertising_reaches_adults_who_have_not_refused_and_were_told() {
    let world = shop().under("ads_engine", "ads");
    let decision = world.read("shop.users", "id").decide();
    assert!(decision.refusal.is_none());
    let rows = &decision.sites[0].row_conditions;
    let own = Agreement::to(Consent::Explicit, vec!["ads".to_owned()]);
    let guardian = Condition::Consent(Agreement { guardian: true, ..own });
    let minors = Condition::Any(vec![Condition::Adult, guardian]);
    assert_eq!(rows.len(), 4);
    for wanted in [consent("ads"), Condition::NotCancelled, Condition::NotLocked, minors] {
        assert!(rows.contains(&wanted), "{wanted:?} not in {rows:?}");
    }
    assert!(decision.sites[0].subject.as_ref().unwrap().is_people);
    let decision = world.read("shop.orders", "user_id item").decide();
    let item = &decision.sites[0].columns[&3];
    assert_eq!(item.conditions, [Condition::SeenVersion(3)]);
    assert!(!decision.sites[0].subject.as_ref().unwrap().is_people);
}

#[test]
fn advertising_gets_no_email_and_the_live_service_forbids_it() {
    let world = shop().under("ads_engine", "ads");
    let refusal = world.read("shop.users", "id email").decide().refusal.unwrap();
    assert_eq!(refusal.message, "purpose \"ads\" may not use column shop.users.email");
    assert_eq!(
        refusal.detail.as_deref(),
        Some(
            "The column holds basic.email and network.email; purpose \"ads\" does not cover both \
             (policy version 3)."
        )
    );
    assert_eq!(
        refusal.hint.as_deref(),
        Some(
            "Columns of shop.users open to \"ads\": id, birth_date (year), gender, address (city), \
             status, created_at."
        )
    );
    assert_eq!(refusal.constraint.as_deref(), Some("purposes.ads"));
    assert_eq!(refusal.rule.unwrap().place, "rules/purposes.yaml:28");
    let statement = world.read("live.viewers", "nickname");
    assert_eq!(statement.refused_by(), "services/live.ads");
    let world = shop().under("support", "ads");
    assert_eq!(world.read("shop.users", "id").refused_by(), "roles.support");
}

#[test]
fn without_a_purpose_only_what_is_not_personal_passes() {
    let world = shop().under("support", "");
    let refusal = world.read("shop.users", "id").decide().refusal.unwrap();
    assert_eq!(refusal.reason, Reason::NoPurpose);
    assert_eq!(refusal.sqlstate.0, "42501");
    assert!(refusal.hint.unwrap().contains("SET pgpurpose.purpose = 'protect.customer_service'"));
    assert!(world.read("shop.products", "id name").decide().refusal.is_none());
    assert!(world.statement().decide().refusal.is_none());
    let decision = world.read("partner.ad_clicks", "campaign").decide();
    assert!(decision.refusal.is_none() && decision.log);
    assert_eq!(decision.sites[0].class, RelationClass::NotCovered);
    for purpose in ["", "provide"] {
        let world = shop().under("shop_app", purpose);
        let statement = world.read("shop.privacy_choices", "choice");
        assert_eq!(reason(&statement), Reason::Internal);
    }
    let world = shop().under("nobody", "provide");
    assert_eq!(reason(&world.read("shop.users", "id")), Reason::Role);
    assert!(world.read("shop.products", "id").decide().refusal.is_none());
    let world = shop().under("shop_app", "provid");
    let refusal = world.read("shop.users", "id").decide().refusal.unwrap();
    assert_eq!((refusal.reason, refusal.sqlstate.0), (Reason::UnknownPurpose, "22023"));
}

#[test]
fn labels_addresses_and_tokens() {
    for (purpose, expected) in [
        ("other.health_study", None),
        ("other", Some(Reason::UnknownPurpose)),
        ("other.a.b", Some(Reason::UnknownPurpose)),
        ("protect", Some(Reason::UnknownPurpose)),
    ] {
        let world = shop().under("analyst", purpose);
        let refusal = world.read("shop.users", "name").decide().refusal;
        assert_eq!(refusal.map(|r| r.reason), expected, "{purpose}");
    }
    let world = shop().under("analyst", "other.health_study");
    let decision = world.read("shop.users", "name").decide();
    let purposes = ["other.health_study", "other"].map(str::to_owned).to_vec();
    let wanted = Agreement { exactly: true, ..Agreement::to(Consent::Explicit, purposes) };
    assert!(decision.sites[0].row_conditions.contains(&Condition::Consent(wanted)));
    let inside = shop().under("backup_job", "protect.backup").from("10.0.9.12");
    assert!(inside.read("shop.users", "email").decide().refusal.is_none());
    for outside in [
        shop().under("backup_job", "protect.backup").from("10.0.10.12"),
        shop().under("backup_job", "protect.backup"),
    ] {
        assert_eq!(reason(&outside.read("shop.users", "email")), Reason::Role);
    }
    let legal = shop().under("legal_desk", "share.law").with("reference", "R-1");
    let refusal = legal.read("shop.users", "name").decide().refusal.unwrap();
    assert!(refusal.detail.unwrap().contains("token"));
}

#[test]
fn a_service_prevails_for_its_data_and_data_crosses_with_consent_only() {
    let world = shop().under("live_app", "personalize");
    let decision = world.read("live.viewers", "nickname gift_spend").decide();
    let site = &decision.sites[0];
    assert_eq!(format!("{:?}", site.columns[&2].action), "Allow");
    assert_eq!(format!("{:?}", site.columns[&3].action), "Hide");
    let explicit = site
        .row_conditions
        .iter()
        .any(|c| matches!(c, Condition::Consent(a) if a.kind == Consent::Explicit && !a.guardian));
    assert!(explicit, "{:?}", site.row_conditions);
    // The shop's own rules hold for the shop's data, and personalising is an exception.
    let decision = world.read("shop.users", "name").decide();
    assert!(decision.sites[0].row_conditions.contains(&consent("personalize")));
    let crossing = vec!["cross_service".to_owned()];
    let crossing = Condition::Consent(Agreement::to(Consent::Explicit, crossing));
    assert!(!decision.sites[0].row_conditions.contains(&crossing));
    let world = shop().under("live_app", "provide");
    let decision = world.read("shop.users", "name").decide();
    assert!(decision.sites[0].row_conditions.contains(&crossing));
    let decision = world.read("live.viewers", "nickname").decide();
    assert!(!decision.sites[0].row_conditions.contains(&crossing));
    // Sharing outside has purposes of its own.
    let courier = shop().under("acme_courier", "share.core_function");
    let courier = courier.with("contract", "ACME-2026-01");
    let decision = courier.read("shop.users", "name address phone").decide();
    let conditions = &decision.sites[0].row_conditions;
    let standing = [Condition::NotCancelled, Condition::NotLocked];
    assert!(standing.iter().all(|wanted| conditions.contains(wanted)), "{conditions:?}");
    assert!(conditions.len() == 3 && matches!(conditions[2], Condition::Listed(_)));
}

#[test]
fn documents_leave_a_full_record_whatever_is_decided() {
    let world = shop().under("fraud_team", "protect.fraud");
    let decision = world.read("shop.identity_docs", "number").decide();
    assert!(decision.log);
    assert!(decision.because.iter().any(|rule| rule.id == "rules.watch-documents"));
    assert_eq!(format!("{:?}", decision.sites[0].columns[&3].action), "Hide");
    let decision = world.read("shop.identity_docs", "face_template").decide();
    assert!(decision.log && decision.refusal.is_some());
    assert!(!world.read("shop.users", "name").decide().log);
}

fn shop_app() -> World {
    shop().under("shop_app", "provide")
}

#[test]
fn writes_need_a_word_and_a_clear_view() {
    let world = shop_app();
    let write = |table: &str, access, columns: &str| {
        world.statement().site(table, access, "").writes(columns).decide().refusal
    };
    assert!(write("shop.users", SiteAccess::Update, "email status").is_none());
    assert!(write("shop.orders", SiteAccess::Insert, "id user_id item amount").is_none());
    assert!(write("shop.orders", SiteAccess::Delete, "").is_none());
    let refusal = write("shop.accounts", SiteAccess::Update, "password_hash").unwrap();
    assert_eq!(refusal.reason, Reason::Write);
    // Not every category of the table is open to writing, so no row may go.
    assert!(write("shop.accounts", SiteAccess::Delete, "").is_some());
    assert!(write("shop.accounts", SiteAccess::Update, "login").is_none());
    assert!(write("shop.identity_docs", SiteAccess::Insert, "user_id kind").is_some());
    let support = support();
    let statement = support
        .statement()
        .site("shop.users", SiteAccess::Update, "")
        .writes("status")
        .pin(0, "id");
    assert_eq!(reason(&statement), Reason::Write);
    assert!(write("shop.products", SiteAccess::Update, "name").is_none());
}

#[test]
fn values_do_not_flow_out_of_their_categories() {
    let world = shop_app();
    let copy = |table: &str, column: &str| {
        world
            .statement()
            .site(table, SiteAccess::Insert, "")
            .writes(column)
            .site("shop.users", SiteAccess::Read, "email name")
            .flow((1, "email"), (0, column))
            .decide()
            .refusal
            .map(|refusal| refusal.reason)
    };
    assert_eq!(copy("shop.products", "name"), Some(Reason::Write));
    assert_eq!(copy("partner.ad_clicks", "campaign"), Some(Reason::Write));
    // Into a column of other categories.
    assert_eq!(copy("shop.orders", "item"), Some(Reason::Write));
    // Somebody else's, and one's own.
    assert_eq!(copy("shop.users", "email"), Some(Reason::Write));
    let own = world
        .statement()
        .site("shop.users", SiteAccess::Insert, "")
        .writes("id")
        .writes("email")
        .site("shop.users", SiteAccess::Read, "id email")
        .flow((1, "email"), (0, "email"))
        .flow((1, "id"), (0, "id"));
    assert!(own.decide().refusal.is_none());
    // A masked value is not the person's any more.
    let world = shop().under("shop_app", "personalize");
    let statement = world
        .statement()
        .site("shop.products", SiteAccess::Insert, "")
        .writes("name")
        .site("shop.users", SiteAccess::Read, "address")
        .flow((1, "address"), (0, "name"));
    assert!(statement.decide().refusal.is_none());
}

#[test]
fn every_decision_is_total() {
    for (role, purpose) in [("shop_app", "provide"), ("support", ""), ("ads_engine", "ads")] {
        let world = shop().under(role, purpose);
        let decision: Decision = world
            .read("shop.users", "name email")
            .site("shop.products", SiteAccess::Read, "id")
            .site("shop.policy_seen", SiteAccess::Read, "version")
            .decide();
        assert_eq!(decision.sites.len(), 3);
        assert!(decision.refusal.is_some());
    }
}
