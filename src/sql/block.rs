//! Reads the body of a DO block in PL/pgSQL as far as it only puts statements in order.
//!
//! A block that declares nothing and loops over nothing has no values of its own: what it does is
//! what its statements do, sent one by one. It is cut as PL/pgSQL cuts it (pl_gram.y): a statement
//! ends at the first `;` outside parentheses, a condition at the first THEN. The variables that
//! every block has would carry values from one statement to another, so they may not be named.

use super::lexer::TokenKind;
use super::tokens::{TokenRange, Tokens};

/// Blocks and conditions within each other at most.
const MAX_DEPTH: usize = 16;
/// Parts of a block at most.
const MAX_PARTS: usize = 200;

/// What of a block is judged by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Statement(TokenRange),
    /// The condition of an IF: `SELECT` is put before it to ask it.
    Condition(TokenRange),
    /// EXECUTE and the string it runs.
    Text(usize),
}

/// Why a block is not read, and at which of its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub at: usize,
    pub why: &'static str,
}

type Read<T> = Result<T, Unread>;

/// The parts of a block, in order.
pub fn parts(tokens: &Tokens<'_>) -> Read<Vec<Part>> {
    let mut reader = Reader { tokens, at: 0, parts: Vec::new() };
    reader.block(0)?;
    if reader.is(';') {
        reader.at += 1;
    }
    match reader.at == tokens.count() {
        true => Ok(reader.parts),
        false => Err(reader.unread("Something stands behind its END")),
    }
}

/// What a statement of a block may begin with: words that PL/pgSQL leaves to SQL, and that give no
/// rows, for which a block has no place.
const SQL: [&str; 15] = [
    "alter", "analyze", "comment", "create", "delete", "drop", "grant", "insert", "lock", "merge",
    "refresh", "reindex", "revoke", "truncate", "update",
];
/// Variables of every block.
const VARIABLES: [&str; 3] = ["found", "sqlerrm", "sqlstate"];

struct Reader<'a> {
    tokens: &'a Tokens<'a>,
    at: usize,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn unread(&self, why: &'static str) -> Unread {
        Unread { at: self.at, why }
    }

    fn word(&self) -> &str {
        self.tokens.word(self.at).unwrap_or("")
    }

    fn is(&self, c: char) -> bool {
        self.tokens.is_punctuation(self.at, c)
    }

    fn expect(&mut self, word: &str) -> Read<()> {
        if self.word() != word {
            return Err(self.unread("It is not a block of statements and nothing else"));
        }
        self.at += 1;
        Ok(())
    }

    fn semicolon(&mut self) -> Read<()> {
        if !self.is(';') {
            return Err(self.unread("A semicolon is expected here"));
        }
        self.at += 1;
        Ok(())
    }

    fn push(&mut self, part: Part) -> Read<()> {
        if self.parts.len() >= MAX_PARTS {
            return Err(self.unread("It has too many parts to be judged"));
        }
        self.parts.push(part);
        Ok(())
    }

    /// `BEGIN … [EXCEPTION …] END`
    fn block(&mut self, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(self.unread("It is nested too deeply to be judged"));
        }
        self.expect("begin")?;
        self.statements(depth)?;
        if self.word() == "exception" {
            self.at += 1;
            while self.word() == "when" {
                self.handler(depth)?;
            }
        }
        self.expect("end")
    }

    /// `WHEN duplicate_object OR SQLSTATE '42710' THEN …`
    fn handler(&mut self, depth: usize) -> Read<()> {
        loop {
            self.at += 1;
            if self.word() == "sqlstate" {
                self.at += 1;
                self.text()?;
            } else if self.tokens.word(self.at).is_some() {
                self.at += 1;
            } else {
                return Err(self.unread("The name of a condition is expected here"));
            }
            if self.word() != "or" {
                break;
            }
        }
        self.expect("then")?;
        self.statements(depth)
    }

    fn text(&mut self) -> Read<()> {
        match self.tokens.kind(self.at) {
            Some(TokenKind::Text(_)) => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.unread("Only a string that is written out can stand here")),
        }
    }

    /// Statements up to a word that ends them.
    fn statements(&mut self, depth: usize) -> Read<()> {
        loop {
            match self.word() {
                "end" | "exception" | "else" | "elsif" | "elseif" | "when" => return Ok(()),
                _ => self.statement(depth)?,
            }
        }
    }

    fn statement(&mut self, depth: usize) -> Read<()> {
        match self.word() {
            "begin" => self.block(depth + 1)?,
            "if" => self.conditional(depth + 1)?,
            "null" => self.at += 1,
            "raise" => self.raise()?,
            "execute" => {
                self.at += 1;
                self.push(Part::Text(self.at))?;
                self.text()?;
            }
            word if SQL.contains(&word) => {
                let start = self.at;
                self.pass_to(";")?;
                self.push(Part::Statement(TokenRange::new(start, self.at)))?;
            }
            _ => {
                return Err(self.unread(
                    "Of what a block can do, it may hold only statements that give no rows, \
                     IF, RAISE and EXECUTE of strings that are written out",
                ));
            }
        }
        self.semicolon()
    }

    /// `IF … THEN … [ELSIF … THEN …] [ELSE …] END IF`
    fn conditional(&mut self, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(self.unread("It is nested too deeply to be judged"));
        }
        while matches!(self.word(), "if" | "elsif" | "elseif") {
            self.at += 1;
            let start = self.at;
            self.pass_to("then")?;
            self.push(Part::Condition(TokenRange::new(start, self.at)))?;
            self.at += 1;
            self.statements(depth)?;
        }
        if self.word() == "else" {
            self.at += 1;
            self.statements(depth)?;
        }
        self.expect("end")?;
        self.expect("if")
    }

    /// `RAISE [level] 'text'`, or the error again as it was.
    fn raise(&mut self) -> Read<()> {
        self.at += 1;
        if self.is(';') {
            return Ok(());
        }
        if matches!(self.word(), "debug" | "log" | "info" | "notice" | "warning" | "exception") {
            self.at += 1;
        }
        self.text()
    }

    /// Goes to a word or `;` outside parentheses.
    fn pass_to(&mut self, end: &str) -> Read<()> {
        let (start, mut depth) = (self.at, 0u32);
        loop {
            let names_variable =
                self.tokens.name(self.at).is_some_and(|name| VARIABLES.contains(&name.as_str()));
            match self.tokens.kind(self.at) {
                None => return Err(self.unread("It ends within a statement")),
                Some(TokenKind::Punctuation('(' | '[')) => depth += 1,
                Some(TokenKind::Punctuation(')' | ']')) if depth == 0 => {
                    return Err(self.unread("A parenthesis closes nothing"));
                }
                Some(TokenKind::Punctuation(')' | ']')) => depth -= 1,
                Some(TokenKind::Punctuation(';')) if depth == 0 && end == ";" => return Ok(()),
                Some(TokenKind::Punctuation(';')) => {
                    return Err(self.unread("A statement ends where none can"));
                }
                Some(TokenKind::Word(word)) if depth == 0 && word.as_str() == end => return Ok(()),
                Some(_) if names_variable => {
                    return Err(self.unread("A variable of the block could stand here"));
                }
                Some(TokenKind::Word(word)) if word.as_str() == "into" => {
                    let of = self.tokens.word(self.at.saturating_sub(1));
                    if self.at != start + 1 || !matches!(of, Some("insert" | "merge")) {
                        return Err(self.unread("INTO stores a value in the block"));
                    }
                }
                Some(_) => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, &'static str> {
        let tokens = Tokens::new(text, lex(text).unwrap());
        let parts = parts(&tokens).map_err(|unread| unread.why)?;
        let told = parts.into_iter().map(|part| match part {
            Part::Statement(range) => tokens.text_of(range).to_owned(),
            Part::Condition(range) => format!("? {}", tokens.text_of(range)),
            Part::Text(at) => format!("! {}", tokens.source(at)),
        });
        Ok(told.collect())
    }

    #[test]
    fn a_block_is_cut_into_what_is_judged() {
        let text = "BEGIN
            IF NOT EXISTS (SELECT CASE WHEN a THEN 1 END FROM pg_type) THEN
                CREATE TYPE x AS ENUM ('a;b');
            ELSIF true THEN EXECUTE 'DROP TYPE x';
            ELSE BEGIN DROP TABLE t; INSERT INTO u VALUES (1); END;
            END IF;
            EXCEPTION WHEN duplicate_object OR SQLSTATE '42P07' THEN NULL;
            WHEN others THEN RAISE NOTICE 'it is there'; RAISE;
        END;";
        let parts = [
            "? NOT EXISTS (SELECT CASE WHEN a THEN 1 END FROM pg_type)",
            "CREATE TYPE x AS ENUM ('a;b')",
            "? true",
            "! 'DROP TYPE x'",
            "DROP TABLE t",
            "INSERT INTO u VALUES (1)",
        ];
        assert_eq!(read(text), Ok(parts.map(str::to_owned).to_vec()));
        assert_eq!(read("begin end"), Ok(vec![]));
    }

    #[test]
    fn what_has_values_of_its_own_is_not_read() {
        for text in [
            "",
            "DECLARE a int; BEGIN END",
            "<<l>> BEGIN END l",
            "BEGIN a := 1; END",
            "BEGIN found = true; END",
            "BEGIN SELECT 1; END",
            "BEGIN PERFORM f(); END",
            "BEGIN LOOP NULL; END LOOP; END",
            "BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END",
            "BEGIN EXECUTE 'a' || 'b'; END",
            "BEGIN EXECUTE 'a' USING 1; END",
            "BEGIN EXECUTE 'a' INTO b; END",
            "BEGIN EXECUTE format('a'); END",
            "BEGIN RAISE NOTICE '%', 1; END",
            "BEGIN RAISE EXCEPTION USING MESSAGE = 'x'; END",
            "BEGIN INSERT INTO t VALUES (1) RETURNING a INTO b; END",
            "BEGIN INSERT INTO t VALUES (SQLERRM); END",
            "BEGIN INSERT INTO t VALUES (\"sqlerrm\"); END",
            "BEGIN IF FOUND THEN DROP TABLE t; END IF; END",
            "BEGIN IF CASE WHEN a THEN b END THEN DROP TABLE t; END IF; END",
            "BEGIN CREATE TABLE a AS SELECT 1 INTO b; END",
            "BEGIN DROP TABLE a); END",
            "BEGIN IF (a; b) THEN NULL; END IF; END",
            "BEGIN COMMIT; END",
            "BEGIN SET a = 1; END",
            "BEGIN CALL f(); END",
            "BEGIN DO 'x'; END",
            "BEGIN NULL END",
            "BEGIN DROP TABLE t",
            "BEGIN END; BEGIN END",
            "BEGIN EXCEPTION WHEN 'x' THEN NULL; END",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
