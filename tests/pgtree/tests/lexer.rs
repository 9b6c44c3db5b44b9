//! Our lexer beside PostgreSQL's scanner: the same tokens at the same places, or a refusal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use pg_query::protobuf::Token;
use pgpurpose::sql::lexer::{TokenKind, lex};
use pgtree::corpus::statements;
use pgtree::mutate::{Dice, damaged, respelt};
use pgtree::oracle::{Scanned, scan};
use pgtree::worlds::try_all;

/// Texts our lexer refuses and PostgreSQL reads, counted by what ours says.
type Refused = Mutex<BTreeMap<String, usize>>;

fn check(text: &str, read: &Mutex<usize>, refused: &Refused) -> Result<(), String> {
    if text.contains('\0') {
        return Ok(());
    }
    let (ours, theirs) = match (lex(text), scan(text)) {
        (Ok(ours), Ok(theirs)) => (ours.tokens, with_escapes(theirs)),
        (Ok(_), Err(error)) => return Err(format!("only ours reads: {text:?}: {error}")),
        (Err(error), Ok(_)) => {
            let mut refused = refused.lock().expect("a map");
            *refused.entry(error.message.to_owned()).or_default() += 1;
            return Ok(());
        }
        (Err(_), Err(_)) => return Ok(()),
    };
    *read.lock().expect("a number") += 1;
    if ours.len() != theirs.len() {
        return Err(format!("{} tokens, not {}: {text:?}", ours.len(), theirs.len()));
    }
    for (ours, theirs) in ours.iter().zip(&theirs) {
        if (ours.start, ours.end) != (theirs.start, theirs.end) || !alike(&ours.kind, theirs) {
            return Err(format!("{ours:?} is not {theirs:?}: {text:?}"));
        }
    }
    Ok(())
}

/// A Unicode string and its UESCAPE are one token to us.
fn with_escapes(scanned: Vec<Scanned>) -> Vec<Scanned> {
    let mut out: Vec<Scanned> = Vec::new();
    for token in scanned {
        let unicode = |t: &Scanned| matches!(t.token, Token::Uident | Token::Usconst);
        let escape = out.len() >= 2
            && token.token == Token::Sconst
            && out[out.len() - 1].token == Token::Uescape
            && unicode(&out[out.len() - 2]);
        if escape {
            out.pop();
            let end = token.end;
            out.iter_mut().next_back().into_iter().for_each(|string| string.end = end);
        } else {
            out.push(token);
        }
    }
    out
}

/// Whether both mean the same kind of token.
fn alike(ours: &TokenKind, theirs: &Scanned) -> bool {
    let token = theirs.token;
    match ours {
        TokenKind::Word(_) => token == Token::Ident || token as i32 > Token::SqlComment as i32,
        TokenKind::Quoted(_) => matches!(token, Token::Ident | Token::Uident),
        TokenKind::Text(_) => matches!(token, Token::Sconst | Token::Usconst),
        TokenKind::Bits('b', _) => token == Token::Bconst,
        TokenKind::Bits(_, _) => token == Token::Xconst,
        TokenKind::Number => matches!(token, Token::Iconst | Token::Fconst),
        TokenKind::Parameter(_) => token == Token::Param,
        TokenKind::Operator(text) => match text.as_str() {
            "%" => token == Token::Ascii37,
            "*" => token == Token::Ascii42,
            "+" => token == Token::Ascii43,
            "-" => token == Token::Ascii45,
            "/" => token == Token::Ascii47,
            "<" => token == Token::Ascii60,
            "=" => token == Token::Ascii61,
            ">" => token == Token::Ascii62,
            "^" => token == Token::Ascii94,
            "<=" => token == Token::LessEquals,
            ">=" => token == Token::GreaterEquals,
            "<>" | "!=" => token == Token::NotEquals,
            "=>" => token == Token::EqualsGreater,
            _ => token == Token::Op,
        },
        TokenKind::Punctuation(c) => token.as_str_name() == format!("ASCII_{}", u32::from(*c)),
        TokenKind::Cast => token == Token::Typecast,
        TokenKind::ColonEquals => token == Token::ColonEquals,
        TokenKind::DotDot => token == Token::DotDot,
    }
}

fn compared(rounds: usize, make: fn(&mut Dice, &str, &str) -> String) -> BTreeMap<String, usize> {
    let (read, refused) = (Arc::new(Mutex::new(0)), Arc::new(Refused::default()));
    let texts = Arc::new(statements());
    let (count, others) = (texts.len(), Arc::clone(&texts));
    let (sum, reasons) = (Arc::clone(&read), Arc::clone(&refused));
    let failures = try_all((0..count).collect(), move |index: &usize| {
        let mut dice = Dice(7 << 32 | u64::try_from(*index).unwrap_or(0));
        for _ in 0..rounds {
            let other = &others[dice.below(count)];
            check(&make(&mut dice, &others[*index], other), &sum, &reasons)?;
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    let (read, tried) = (*read.lock().expect("a number"), count * rounds);
    assert!(read * 3 > tried, "{read} of {tried} texts are read");
    let refused = refused.lock().expect("a map").clone();
    println!("{tried} texts, {read} read, refused: {refused:?}");
    refused
}

#[test]
fn tokens_of_statements_are_postgresqls() {
    compared(1, |_, text, _| text.to_owned());
}

#[test]
fn tokens_of_texts_spelt_otherwise_are_postgresqls() {
    compared(60, |dice, text, _| respelt(dice, text));
}

#[test]
fn tokens_of_damaged_texts_are_postgresqls() {
    compared(60, damaged);
}

/// Forms that read differently from release to release, or that nobody sends.
#[test]
fn what_is_not_followed_is_refused() {
    for text in ["SELECT 0x1F", "SELECT 1_000", "SELECT N'x'", "SELECT 1\x0b+ 2"] {
        assert!(lex(text).is_err() && scan(text).is_ok(), "{text}");
    }
}
