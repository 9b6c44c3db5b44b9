//! What a purpose token changes: it is asked for where a role or a purpose says so, and once it is
//! there, nothing goes beyond it.

use super::ruleset::{PurposeRule, Recipient, RoleEntry};
use crate::model::access::Access;
use crate::model::claims::{Claims, Fallen, Token};
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};

/// Refuses a purpose that the token in force was not made for. No token refuses nothing.
pub fn narrows(entry: &RoleEntry, access: &Access, purpose: &Purpose) -> Result<(), Box<Refusal>> {
    let claims = match &access.token {
        Token::None => return Ok(()),
        Token::Fallen(why) => return Err(fallen(entry, *why)),
        Token::Stands(claims) => claims,
    };
    let wrong = if !claims.roles.contains(&access.role) {
        Some(format!("The purpose token was not made for role \"{}\".", access.role))
    } else if !claims.cover(purpose) {
        Some("The purpose token was not made for this purpose.".to_owned())
    } else if matches!(&entry.recipient, Recipient::Named(name) if is_another(claims, name)) {
        Some("The purpose token names another recipient than the rules do.".to_owned())
    } else {
        None
    };
    match wrong {
        None => Ok(()),
        Some(detail) => Err(Box::new(
            denied(entry, purpose)
                .detail(detail)
                .hint("Present one that was: SET pgpurpose.token = '...'"),
        )),
    }
}

fn is_another(claims: &Claims, name: &str) -> bool {
    claims.recipient.as_deref().is_some_and(|recipient| recipient != name)
}

/// Refuses the use of a purpose without the token it needs, or under one that does not narrow to
/// it.
pub fn stands(entry: &RoleEntry, rule: &PurposeRule, access: &Access) -> Result<(), Box<Refusal>> {
    let purpose = &access.purpose;
    narrows(entry, access, purpose)?;
    let detail = match access.token.claims() {
        Some(claims) => match &entry.recipient {
            Recipient::OfToken if claims.recipient.is_none() => {
                "The purpose token does not say who receives the data."
            }
            Recipient::OfToken | Recipient::Ours | Recipient::Named(_) => return Ok(()),
        },
        None if entry.token_required || entry.recipient == Recipient::OfToken => {
            "The role must present a purpose token."
        }
        None if rule.token_required => "The purpose needs a purpose token.",
        None => return Ok(()),
    };
    Err(Box::new(
        denied(entry, purpose)
            .detail(detail)
            .hint("Present one: SET pgpurpose.token = '...', or as a start-up option."),
    ))
}

fn denied(entry: &RoleEntry, purpose: &Purpose) -> Refusal {
    let message = format!("permission denied for purpose \"{purpose}\"");
    Refusal::new(Reason::Token, SqlState::INSUFFICIENT_PRIVILEGE, message).rule(entry.rule.clone())
}

fn fallen(entry: &RoleEntry, why: Fallen) -> Box<Refusal> {
    let (message, detail) = match why {
        Fallen::Expired => ("the purpose token has expired", "Nothing is open under it any more."),
        Fallen::NotYet => ("the purpose token is not valid yet", "Its time has not come."),
        Fallen::KeyGone => {
            ("the purpose token is no longer valid", "Its key has been taken from the keys.")
        }
        Fallen::Forgotten => ("the purpose token is no longer known", "It was presented long ago."),
    };
    let refusal = Refusal::new(Reason::Token, SqlState::INVALID_AUTHORIZATION, message);
    let hint = "Present another: SET pgpurpose.token = '...'";
    Box::new(refusal.detail(detail).hint(hint).rule(entry.rule.clone()))
}
