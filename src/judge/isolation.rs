//! Which statements may have transactions keep their first snapshot. Whether one does is asked of
//! the server; this says when it need not be asked.

use super::IsolationScope;
use crate::model::access::SessionEffect;
use crate::sql::tokens::{TokenRange, Tokens};

/// What a statement that only changes the session says about isolation levels.
pub fn scope(
    tokens: &Tokens<'_>,
    range: TokenRange,
    effect: Option<&SessionEffect>,
) -> Option<IsolationScope> {
    if let Some(SessionEffect::Set(settings)) = effect {
        let named = |name: &str| settings.iter().any(|setting| setting.name == name);
        return match (named("default_transaction_isolation"), named("transaction_isolation")) {
            (true, _) => Some(IsolationScope::Session),
            (false, true) => Some(IsolationScope::Transaction),
            (false, false) => None,
        };
    }
    let says = |word: &str| (range.start..range.end).any(|at| tokens.is_word(at, word));
    match (says("isolation"), says("characteristics")) {
        (true, true) => Some(IsolationScope::Session),
        (true, false) => Some(IsolationScope::Transaction),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::lexer::lex;
    use crate::sql::statement::{Kind, recognize};

    #[test]
    fn every_way_to_ask_for_one_snapshot_is_seen() {
        use IsolationScope::{Session, Transaction};
        for (text, expected) in [
            ("BEGIN", None),
            ("BEGIN READ ONLY", None),
            ("begin transaction isolation level repeatable read", Some(Transaction)),
            ("START TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE", Some(Transaction)),
            ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", Some(Transaction)),
            ("SET LOCAL transaction_isolation = 'serializable'", Some(Transaction)),
            (
                "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                Some(Session),
            ),
            ("SET default_transaction_isolation TO 'repeatable read'", Some(Session)),
            ("SET U&\"default_transaction_isol\\0061tion\" TO 'serializable'", Some(Session)),
            ("SET search_path = isolation", None),
            ("COMMIT AND CHAIN", None),
        ] {
            let tokens = Tokens::new(text, lex(text).unwrap());
            let range = TokenRange::new(0, tokens.count());
            let Kind::Harmless { effect, .. } = recognize(&tokens, range) else { panic!("{text}") };
            assert_eq!(scope(&tokens, range, effect.as_ref()), expected, "{text}");
        }
    }
}
