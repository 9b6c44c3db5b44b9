//! Texts made from statements by playing with what a lexer can read wrongly.
//!
//! Two kinds. *Respelt* texts say the same in another way: other quotes, other white space,
//! comments, continued literals. *Damaged* texts have a fragment put in, taken out, doubled or
//! exchanged somewhere, inside of tokens too: most say nothing, some say something else.

use crate::oracle::{Scanned, scan};
use pg_query::protobuf::Token;

/// Numbers that are the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.get(self.below(of.len())).copied().unwrap_or("")
    }
}

/// What is put between tokens.
const GAPS: [&str; 26] = [
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "/**/",
    "/* x */",
    "/* /* y */ */",
    "/*/**/*/",
    "/* ' */",
    "/* \" */",
    "/* $$ */",
    "--\n",
    "-- '\n",
    "-- x\r",
    " -- \"\n",
    "--/*\n",
    "/*--*/",
    "/* é */",
    "\u{a0}",
    "\u{3000}",
    "\u{200b}",
    "",
];

/// What is put anywhere.
const FRAGMENTS: &[&str] = &[
    "'",
    "''",
    "\"",
    "\"\"",
    "\\",
    "\\'",
    "\\\\",
    "\\\"",
    "'\\'",
    "E'",
    "e'\\'",
    "E'\\\\'",
    "E'\\x27'",
    "E'\\047'",
    "E'\\u0027'",
    "E'\\U00000027'",
    "E'\\xe9'",
    "E'\\u00e9'",
    "E'\\ud83d\\ude00'",
    "E'\\ud800'",
    "E'\\0'",
    "E'\\400'",
    "E'\\x'",
    "E'\\'",
    "U&'\\0027'",
    "U&'\\+000027'",
    "U&'\\d83d\\de00'",
    "U&'\\d800'",
    "U&'x' UESCAPE '!'",
    "U&\"\\0061\"",
    "U&\"d!0061\" UESCAPE '!'",
    "u&'\\\\'",
    "U&",
    "U&'",
    "UESCAPE",
    "N'x'",
    "n'",
    "B'01'",
    "b'2'",
    "X'1F'",
    "x'g'",
    "B''",
    "X'1'\n'2'",
    "$$",
    "$a$",
    "$a$'$a$",
    "$$'$$",
    "$A$ $a$ $A$",
    "$é$x$é$",
    "$1",
    "$0",
    "$65535",
    "$65536",
    "$1a",
    "$1$",
    "a$1",
    "a$$b",
    "$$$",
    "$ $",
    "--",
    "-- x",
    "/*",
    "*/",
    "/* */",
    "/*/*",
    "*//*",
    "<--",
    "</*x*/",
    "@-",
    "@-1",
    "!!-",
    "<|",
    "|/",
    "||/",
    "!=-",
    "<>-",
    "=-",
    "+-",
    "-+",
    "*-",
    "%-1",
    "^-",
    "~-",
    "?-",
    "#-",
    "&&",
    "@@@",
    "->",
    "->>",
    "#>>",
    "?|",
    "?&",
    "<@",
    "@>",
    "!~~*",
    "~~*",
    "<->",
    "=>",
    ":=",
    "::",
    ":",
    ":::",
    "..",
    ".",
    ".5",
    "5.",
    "1.",
    "1..2",
    "1.5e",
    "1.e5",
    "1e5",
    "1e+5",
    "1e+",
    "0x1F",
    "0b01",
    "0o17",
    "0x",
    "1_000",
    "1__0",
    "1_",
    "_1",
    "1a",
    "123abc",
    "0.0.0",
    ";",
    ";;",
    "(",
    ")",
    "[",
    "]",
    ",",
    "{",
    "}",
    "`",
    "#",
    "?",
    "@",
    "!",
    "~",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{200b}",
    "é",
    "É",
    "İ",
    "ı",
    "ß",
    "𝒳",
    "\u{7f}",
    "\x01",
    "\x08",
    "\x0b",
    "\x1b",
    "OPERATOR(pg_catalog.+)",
    "operator(",
    "AS",
    "as select",
    "\"SELECT\"",
    "\"user\"",
    "isnull",
    "notnull",
    "is null",
    "between symmetric 1 and",
    "not",
    "null",
    "collate \"C\"",
    "at time zone 'UTC'",
    "::text",
    "::\"char\"",
    "interval '1'",
    "interval(2) '1'",
    "date '2020-01-01'",
    "array[",
    "row(",
    "* from",
    "*",
    "only",
    "lateral",
    "union all select",
    "table",
    "variadic",
    "current_date",
    "user",
    "session_user",
    "for update",
    "for no key update",
    "limit all",
    "with ties",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ééééééééééééééééééééééééééééééééé",
];

/// A text that says the same in another way.
pub fn respelt(dice: &mut Dice, text: &str) -> String {
    let Ok(tokens) = scan(text) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len() * 2);
    let mut last = 0;
    for token in &tokens {
        let gap = text.get(last..token.start).unwrap_or("");
        out.push_str(match dice.below(6) {
            0 if !gap.is_empty() || dice.below(3) == 0 => dice.one(&GAPS),
            _ => gap,
        });
        let written = text.get(token.start..token.end).unwrap_or("");
        if dice.below(4) == 0 {
            out.push_str(&spelt(dice, token, written));
        } else {
            out.push_str(written);
        }
        last = token.end;
    }
    out.push_str(text.get(last..).unwrap_or(""));
    out
}

fn spelt(dice: &mut Dice, token: &Scanned, written: &str) -> String {
    match token.token {
        Token::Ident if !written.starts_with(['"', 'U', 'u']) => {
            let folded = written.to_ascii_lowercase();
            match dice.below(4) {
                0 => format!("\"{folded}\""),
                1 => written.to_ascii_uppercase(),
                2 => format!("U&\"{}\"", escaped(&folded)),
                _ => flipped(written),
            }
        }
        Token::Sconst if written.starts_with('\'') && !written.contains('\n') => {
            let body = &written[1..written.len() - 1];
            let raw = body.replace("''", "'");
            let middle = (0..=raw.len() / 2).rev().find(|i| raw.is_char_boundary(*i)).unwrap_or(0);
            let (one, two) = raw.split_at(middle);
            let doubled = |part: &str| part.replace('\'', "''");
            match dice.below(8) {
                0 => format!("E'{}'", body.replace('\\', "\\\\")),
                1 => format!("E'{}'", raw.replace('\\', "\\\\").replace('\'', "\\'")),
                2 => format!("$q${raw}$q$"),
                3 => format!("$${raw}$$"),
                4 => format!("U&'{}'", escaped(&raw)),
                5 => format!(
                    "'{}'{}'{}'",
                    doubled(one),
                    dice.one(&["\n", " \r\n ", "\t\r", "--x\n", " /**/\n"]),
                    doubled(two)
                ),
                6 => format!(
                    "E'{}'\n '{}'",
                    body.replace('\\', "\\\\"),
                    dice.one(&["", "\\n", "''"])
                ),
                _ => format!("N'{body}'"),
            }
        }
        Token::Iconst => match dice.below(5) {
            0 => format!("{written}."),
            1 => format!("{written}e0"),
            2 => format!("0{written}"),
            3 => format!("({written})"),
            _ => format!("+{written}"),
        },
        Token::Op => format!("OPERATOR(pg_catalog.{written})"),
        Token::Ascii61 => dice.one(&["=", " = ", " OPERATOR(pg_catalog.=) "]).to_owned(),
        Token::NotEquals => dice.one(&["<>", "!=", " <> "]).to_owned(),
        _ if written.bytes().all(|b| b.is_ascii_alphabetic()) => match dice.below(2) {
            0 => written.to_ascii_uppercase(),
            _ => flipped(written),
        },
        _ => format!(" {written} "),
    }
}

fn escaped(text: &str) -> String {
    text.chars().map(|c| format!("\\+{:06x}", u32::from(c))).collect()
}

fn flipped(text: &str) -> String {
    let flip = |(i, c): (usize, char)| {
        if i % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    };
    text.chars().enumerate().map(flip).collect()
}

/// A text in which something was put, taken out, doubled or exchanged.
pub fn damaged(dice: &mut Dice, text: &str, other: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.below(3) {
        text = damaged_once(dice, &text, other);
    }
    text
}

fn damaged_once(dice: &mut Dice, text: &str, other: &str) -> String {
    let tokens = scan(text).unwrap_or_default();
    let bounds: Vec<(usize, usize)> = tokens.iter().map(|t| (t.start, t.end)).collect();
    let anywhere = |dice: &mut Dice| {
        let at = dice.below(text.len() + 1);
        (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
    };
    let Some(&(start, end)) = bounds.get(dice.below(bounds.len())) else {
        return format!("{}{text}", dice.one(FRAGMENTS));
    };
    let fragment = dice.one(FRAGMENTS);
    let (before, token, after) = (&text[..start], &text[start..end], &text[end..]);
    match dice.below(12) {
        0 => {
            let (head, tail) = text.split_at(anywhere(dice));
            format!("{head}{fragment}{tail}")
        }
        1 => format!("{before}{fragment}{token}{after}"),
        2 => format!("{before}{fragment} {token}{after}"),
        3 => format!("{before}{token} {fragment}{after}"),
        4 => format!("{before}{fragment}{after}"),
        5 => format!("{before}{after}"),
        6 => format!("{before}{token} {token}{after}"),
        7 => format!("{before}{}{after}", token.trim_end_matches('\'')),
        // Neighbours run together.
        8 => format!("{before}{token}{}", after.trim_start()),
        9 => {
            let theirs = scan(other).unwrap_or_default();
            let taken = theirs.get(dice.below(theirs.len()));
            let taken = taken.and_then(|t| other.get(t.start..t.end)).unwrap_or("x");
            format!("{before}{taken}{after}")
        }
        10 => {
            let theirs = scan(other).unwrap_or_default();
            let from = theirs.get(dice.below(theirs.len())).map_or(0, |t| t.start);
            format!("{before}{}", other.get(from..).unwrap_or(""))
        }
        _ => {
            let (from, to) = (anywhere(dice), anywhere(dice));
            format!("{}{}", &text[..from.min(to)], &text[from.max(to)..])
        }
    }
}
