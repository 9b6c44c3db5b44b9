//! Building and reading messages of the protocol (PostgreSQL manual, 55.7), spelt out by hand so
//! that the tests share no code with what they test.

use std::fmt;

/// One message from the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub tag: u8,
    pub body: Vec<u8>,
}

impl Message {
    pub fn to_bytes(&self) -> Vec<u8> {
        framed(self.tag, &self.body)
    }

    /// A field of an error or notice (`C`: SQLSTATE, `M`: message, `H`: hint).
    pub fn field(&self, code: u8) -> Option<String> {
        self.body
            .split(|b| *b == 0)
            .find(|part| part.first() == Some(&code))
            .map(|part| String::from_utf8_lossy(&part[1..]).into_owned())
    }

    pub fn error_text(&self) -> String {
        let field = |code| self.field(code).unwrap_or_default();
        format!("{} {} ({} / {})", field(b'C'), field(b'M'), field(b'D'), field(b'H'))
    }

    /// The values of a DataRow; `None`: NULL.
    pub fn values(&self) -> Vec<Option<String>> {
        assert_eq!(self.tag, b'D', "not a row");
        let mut rest = &self.body[2..];
        let mut values = Vec::new();
        while !rest.is_empty() {
            let (length, tail) = rest.split_at(4);
            let length = i32::from_be_bytes(length.try_into().unwrap());
            let (value, tail) = tail.split_at(usize::try_from(length).unwrap_or(0));
            values.push((length >= 0).then(|| String::from_utf8_lossy(value).into_owned()));
            rest = tail;
        }
        values
    }

    /// The names of a RowDescription's columns.
    pub fn column_names(&self) -> Vec<String> {
        assert_eq!(self.tag, b'T', "not a row description");
        let mut rest = &self.body[2..];
        let mut names = Vec::new();
        while let Some(end) = rest.iter().position(|b| *b == 0) {
            names.push(String::from_utf8_lossy(&rest[..end]).into_owned());
            rest = &rest[end + 1 + 18..];
        }
        names
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", char::from(self.tag), self.body.escape_ascii())
    }
}

/// Messages to be sent in one write.
#[derive(Clone, Default)]
pub struct Outgoing(pub Vec<u8>);

impl Outgoing {
    pub fn new() -> Outgoing {
        Outgoing::default()
    }

    pub fn message(mut self, tag: u8, body: &[u8]) -> Outgoing {
        self.0.extend(framed(tag, body));
        self
    }

    pub fn query(self, sql: &str) -> Outgoing {
        self.message(b'Q', &text(sql))
    }

    pub fn parse(self, name: &str, sql: &str) -> Outgoing {
        self.parse_typed(name, sql, &[])
    }

    pub fn parse_typed(self, name: &str, sql: &str, types: &[u32]) -> Outgoing {
        let mut body = [text(name), text(sql)].concat();
        body.extend(count(types.len()));
        body.extend(types.iter().flat_map(|oid| oid.to_be_bytes()));
        self.message(b'P', &body)
    }

    /// Binds the unnamed portal, parameters and results as text.
    pub fn bind(self, statement: &str, parameters: &[Option<&[u8]>]) -> Outgoing {
        self.bind_with("", statement, parameters, [0, 0])
    }

    /// `formats`: of all parameters, of all results (0 text, 1 binary).
    pub fn bind_with(
        self,
        portal: &str,
        statement: &str,
        parameters: &[Option<&[u8]>],
        formats: [i16; 2],
    ) -> Outgoing {
        let mut body = [text(portal), text(statement)].concat();
        body.extend(count(1));
        body.extend(formats[0].to_be_bytes());
        body.extend(count(parameters.len()));
        for parameter in parameters {
            match parameter {
                None => body.extend((-1_i32).to_be_bytes()),
                Some(value) => {
                    body.extend(i32::try_from(value.len()).unwrap().to_be_bytes());
                    body.extend(*value);
                }
            }
        }
        body.extend(count(1));
        body.extend(formats[1].to_be_bytes());
        self.message(b'B', &body)
    }

    /// How often the server will be ready: once for each Query and Sync.
    pub fn ends(&self) -> usize {
        let (mut rest, mut ends) = (&self.0[..], 0);
        while let Some((head, more)) = rest.split_first_chunk::<5>() {
            let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
            rest = &more[length - 4..];
            ends += usize::from(matches!(head[0], b'Q' | b'S'));
        }
        ends
    }

    /// `kind`: `S` statement, `P` portal.
    pub fn describe(self, kind: u8, name: &str) -> Outgoing {
        self.message(b'D', &[vec![kind], text(name)].concat())
    }

    pub fn close(self, kind: u8, name: &str) -> Outgoing {
        self.message(b'C', &[vec![kind], text(name)].concat())
    }

    /// `most`: rows at a time; 0: all.
    pub fn execute(self, portal: &str, most: u32) -> Outgoing {
        self.message(b'E', &[text(portal), most.to_be_bytes().to_vec()].concat())
    }

    /// Parse, Bind, Describe, Execute, Sync on the unnamed statement and portal.
    pub fn extended(self, sql: &str, parameters: &[Option<&[u8]>]) -> Outgoing {
        self.parse("", sql).bind("", parameters).describe(b'P', "").execute("", 0).sync()
    }

    pub fn sync(self) -> Outgoing {
        self.message(b'S', &[])
    }

    pub fn flush(self) -> Outgoing {
        self.message(b'H', &[])
    }

    pub fn copy_data(self, data: &[u8]) -> Outgoing {
        self.message(b'd', data)
    }

    pub fn copy_done(self) -> Outgoing {
        self.message(b'c', &[])
    }

    pub fn copy_fail(self, reason: &str) -> Outgoing {
        self.message(b'f', &text(reason))
    }
}

/// A zero-terminated string.
pub fn text(value: &str) -> Vec<u8> {
    [value.as_bytes(), &[0]].concat()
}

fn count(number: usize) -> [u8; 2] {
    i16::try_from(number).unwrap().to_be_bytes()
}

fn framed(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[tag][..], &length.to_be_bytes(), body].concat()
}
