//! The server's errors and notices, as far as a client may be told them.
//!
//! A message can hold values: a row in DETAIL, an argument in CONTEXT, a literal of a query inside
//! a function, whatever a trigger raises. Which statement it is about says how much of it may be
//! told; where it comes from says whether its text can be trusted: the field that names the
//! server's source file cannot be written by code of the database.

use super::backend::Fields;
use super::frame::{put_cstring, put_message};
use crate::judge::Judged;

/// How far errors and notices about a statement may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    #[default]
    Whole,
    /// Without the fields that name values: rows and keys (DETAIL), arguments of functions
    /// (CONTEXT), texts of inner queries. The text itself speaks of what the statement has seen,
    /// which is what the purpose may see.
    WithoutValues,
    /// Raw values were at hand: constraints, triggers, defaults, other code of the database. Only
    /// what is known to hold none is told.
    KnownTexts,
}

impl Telling {
    pub fn of(judged: &Judged) -> Telling {
        match (judged.blind, judged.guarded) {
            (true, _) => Telling::KnownTexts,
            (false, true) => Telling::WithoutValues,
            (false, false) => Telling::Whole,
        }
    }
}

/// What becomes of one error or notice.
#[derive(Clone, Copy, Debug)]
pub struct Retold {
    pub telling: Telling,
    /// The position in the client's own text, where the server gives one.
    pub position: Option<usize>,
    /// It answers a `Parse`, `Bind` or `Describe`: no row has been read yet.
    pub before_rows: bool,
}

/// What is told in place of a DETAIL.
const WITHHELD: &str =
    "The server's own words are withheld: they may hold values this purpose may not see.";

/// Whether a notice may be told at all. Errors always are: the client waits for an answer.
pub fn is_told(fields: &Fields<'_>, telling: Telling) -> bool {
    let level = fields.field(b'V').or(fields.field(b'S')).unwrap_or_default();
    match telling {
        Telling::Whole => true,
        // Plans and timings of statements, where a session asks for them, tell of hidden rows.
        Telling::WithoutValues => !(level == b"LOG" || level.starts_with(b"DEBUG")),
        Telling::KnownTexts => {
            is_of_the_text(fields)
                || is_of_the_server(fields) && !fields.sqlstate().starts_with(b"0")
        }
    }
}

/// Appends the error or notice as the client may see it.
pub fn put_retold(out: &mut Vec<u8>, tag: u8, fields: &Fields<'_>, retold: Retold) {
    let of_code = is_of_code(fields);
    let known = is_of_the_text(fields)
        || is_of_the_server(fields)
        || (retold.before_rows && !of_code && fields.field(b'q').is_none());
    let withheld = retold.telling == Telling::KnownTexts && !known;
    let drops = |code: u8| match retold.telling {
        Telling::Whole => false,
        Telling::WithoutValues | Telling::KnownTexts => match code {
            b'D' | b'W' | b'q' | b'p' => true,
            b'H' => of_code || withheld,
            b's' | b't' | b'c' | b'd' | b'n' => withheld,
            _ => false,
        },
    };
    put_message(out, tag, |out| {
        for (code, value) in fields.iter().filter(|(code, _)| !drops(*code)) {
            out.push(code);
            match (code, retold.position) {
                (b'M', _) if withheld => {
                    put_cstring(out, condition(fields.sqlstate()).as_bytes());
                    out.push(b'D');
                    put_cstring(out, WITHHELD.as_bytes());
                }
                (b'P', Some(position)) => put_cstring(out, position.to_string().as_bytes()),
                _ => put_cstring(out, value),
            }
        }
        out.push(0);
    });
}

/// An error that stands for one too long to be looked into.
pub fn withheld() -> Vec<u8> {
    let mut message = Vec::new();
    put_message(&mut message, b'E', |out| {
        let texts = [(b'S', "ERROR"), (b'V', "ERROR"), (b'C', "22000"), (b'M', "data exception")];
        for (code, text) in texts.into_iter().chain([(b'D', WITHHELD)]) {
            out.push(code);
            put_cstring(out, text.as_bytes());
        }
        out.push(0);
    });
    message
}

/// It points into the client's own text: found when that was read, before anything ran.
fn is_of_the_text(fields: &Fields<'_>) -> bool {
    fields.field(b'P').is_some() && fields.field(b'q').is_none()
}

/// It comes from a language that code of the database is written in.
fn is_of_code(fields: &Fields<'_>) -> bool {
    const LANGUAGES: [&[u8]; 5] = [b"pl_", b"plperl", b"plpy", b"pltcl", b"plv8"];
    let file = fields.field(b'F').unwrap_or_default();
    !file.ends_with(b".c") || LANGUAGES.iter().any(|prefix| file.starts_with(prefix))
}

/// A text of the server's own that holds names and no value. What it says inside a function of
/// the database counts only for constraints.
fn is_of_the_server(fields: &Fields<'_>) -> bool {
    let file = fields.field(b'F').unwrap_or_default();
    let alone = fields.field(b'W').is_none() && fields.field(b'q').is_none();
    if is_of_code(fields) {
        return false;
    }
    let state = fields.sqlstate();
    match state.get(..2).unwrap_or_default() {
        b"23" | b"44" => CONSTRAINTS.contains(&file),
        b"25" | b"40" | b"53" | b"54" | b"55" | b"57" | b"58" => true,
        b"0A" | b"21" | b"24" | b"26" | b"27" | b"34" => alone,
        b"22" => state == b"22001" && file == b"varchar.c" || state == b"22012" && alone,
        b"42" => state == b"42501" && file == b"aclchk.c",
        _ => false,
    }
}

/// Files of the server that say which constraint is violated, and say no value but in DETAIL.
const CONSTRAINTS: [&[u8]; 8] = [
    b"nbtinsert.c",
    b"execMain.c",
    b"execIndexing.c",
    b"execPartition.c",
    b"execExprInterp.c",
    b"domains.c",
    b"ri_triggers.c",
    b"tuplesort.c",
];

/// The name of a condition (PostgreSQL manual, appendix A), or of its class.
fn condition(state: &[u8]) -> &'static str {
    match state {
        b"22001" => "string data right truncation",
        b"22003" => "numeric value out of range",
        b"22007" => "invalid datetime format",
        b"22008" => "datetime field overflow",
        b"22012" => "division by zero",
        b"22023" => "invalid parameter value",
        b"22P02" => "invalid text representation",
        b"22P03" => "invalid binary representation",
        b"22P04" => "bad copy file format",
        b"23502" => "not null violation",
        b"23503" => "foreign key violation",
        b"23505" => "unique violation",
        b"23514" => "check violation",
        b"23P01" => "exclusion violation",
        b"P0001" => "exception raised by code of the database",
        _ => match state.get(..2).unwrap_or_default() {
            b"00" | b"01" | b"02" => "notice of code of the database",
            b"22" => "data exception",
            b"23" => "integrity constraint violation",
            b"42" => "syntax error or access rule violation",
            _ => "the statement failed",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(error: &[u8], telling: Telling, before_rows: bool) -> Vec<(u8, String)> {
        let fields = Fields::read(error).unwrap();
        let mut out = Vec::new();
        put_retold(&mut out, b'E', &fields, Retold { telling, position: None, before_rows });
        let fields = Fields::read(&out[5..]).unwrap();
        fields.iter().map(|(c, v)| (c, String::from_utf8_lossy(v).into_owned())).collect()
    }

    fn texts(error: &[u8], telling: Telling) -> String {
        told(error, telling, false).iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_names_values_is_left_out() {
        let error = b"SERROR\0C23505\0Mduplicate key\0DKey (email)=(a@b)\0WCOPY t, line 1\0\0";
        assert_eq!(texts(error, Telling::WithoutValues), "ERROR|23505|duplicate key");
        assert!(texts(error, Telling::Whole).contains("a@b"));
    }

    /// Each line: what the server says of a row the purpose may not see, and what is told of it.
    #[test]
    fn texts_that_may_hold_values_become_the_name_of_their_condition() {
        let cases: [(&[u8], &str); 14] = [
            (b"C22P02\0Minvalid input: \"SECRET\"\0Fnumutils.c\0\0", "invalid text"),
            (b"C22003\0Mvalue \"SECRET\" is out of range\0Fnumutils.c\0\0", "numeric value"),
            (b"C22008\0Mout of range: \"SECRET\"\0Fdatetime.c\0\0", "datetime field"),
            (b"C22007\0Minvalid input: \"SECRET\"\0Fdatetime.c\0\0", "invalid datetime"),
            (b"C22P02\0Mmalformed array: \"SECRET\"\0Farrayfuncs.c\0\0", "invalid text"),
            (b"C22P02\0Mjson\0DSECRET\0WJSON: SECRET\0Fjsonfuncs.c\0\0", "invalid text"),
            (b"CP0001\0MSECRET\0HSECRET\0WPL f()\0Fpl_exec.c\0\0", "exception raised"),
            (b"C23505\0MSECRET\0nSECRET\0tSECRET\0Fpl_exec.c\0\0", "unique violation"),
            (b"C40001\0MSECRET\0Fpl_exec.c\0\0", "the statement failed"),
            (b"C42601\0MSECRET\0p1\0qSECRET\0WPL\0Fscan.l\0\0", "syntax error or access"),
            (b"C42P01\0Mno relation \"SECRET\"\0Fnamespace.c\0\0", "syntax error or access"),
            (b"C22P02\0Minvalid enum: \"SECRET\"\0Fenum.c\0\0", "invalid text"),
            (b"C38000\0MSECRET\0Fplpy_elog.c\0\0", "the statement failed"),
            (b"CXX000\0MSECRET\0Fsomewhere.rs\0\0", "the statement failed"),
        ];
        for (error, expected) in cases {
            let told = texts(error, Telling::KnownTexts);
            assert!(!told.contains("SECRET") && told.contains(expected), "{told}");
            assert!(texts(error, Telling::Whole).contains("SECRET"));
        }
    }

    #[test]
    fn texts_that_hold_names_alone_are_told() {
        let cases: [&[u8]; 8] = [
            b"C23505\0Mduplicate key value violates unique constraint \"k\"\0nk\0Fnbtinsert.c\0\0",
            b"C23502\0Mnull value in column \"a\"\0ca\0FexecMain.c\0\0",
            b"C23503\0Mviolates foreign key constraint \"f\"\0nf\0Fri_triggers.c\0\0",
            b"C57014\0Mcanceling statement due to user request\0Fpostgres.c\0\0",
            b"C40P01\0Mdeadlock detected\0Fdeadlock.c\0\0",
            b"C42703\0Mcolumn \"nothing\" does not exist\0P8\0Fparse_relation.c\0\0",
            b"C42501\0Mpermission denied for table t\0Faclchk.c\0\0",
            b"C22001\0Mvalue too long for type character varying(3)\0Fvarchar.c\0\0",
        ];
        for error in cases {
            assert_eq!(
                texts(error, Telling::KnownTexts),
                texts(error, Telling::Whole).replace("|SECRET", "")
            );
        }
    }

    #[test]
    fn a_parameter_that_cannot_be_read_is_the_client_s_own() {
        let error = b"C22P02\0Minvalid input syntax for type integer: \"x\"\0Fnumutils.c\0\0";
        let message = |before| told(error, Telling::KnownTexts, before)[1].1.clone();
        assert!(message(true).ends_with("\"x\""));
        assert_eq!(message(false), "invalid text representation");
    }

    #[test]
    fn notices_that_may_hold_values_are_not_told() {
        let fields = |text: &'static [u8]| Fields::read(text).unwrap();
        let raised = fields(b"VNOTICE\0C00000\0MSECRET\0Fpl_exec.c\0\0");
        let plan = fields(b"VLOG\0C00000\0Mduration: 1 ms  plan\0Fauto_explain.c\0\0");
        let ending = fields(b"VWARNING\0C57P02\0Mterminating connection\0Fpostgres.c\0\0");
        let told = |fields| {
            [Telling::Whole, Telling::WithoutValues, Telling::KnownTexts]
                .map(|telling| is_told(fields, telling))
        };
        assert_eq!(told(&raised), [true, true, false]);
        assert_eq!(told(&plan), [true, false, false]);
        assert_eq!(told(&ending), [true, true, true]);
    }
}
