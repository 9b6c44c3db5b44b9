//! Views of the messages a client sends after login: borrowed, never copied, exact to the end.

use super::frame::{Body, Broken, put_cstring, put_message};

/// Why a message may not exist where it was sent.
pub const UNKNOWN_TAG: Broken = Broken("invalid frontend message type");

/// Type byte of each message that is legal after login (PostgreSQL manual, 55.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Query,
    Parse,
    Bind,
    Describe,
    Execute,
    Close,
    FunctionCall,
    Flush,
    Sync,
    CopyData,
    CopyDone,
    CopyFail,
    Terminate,
}

impl Tag {
    pub fn read(byte: u8) -> Result<Tag, Broken> {
        Ok(match byte {
            b'Q' => Tag::Query,
            b'P' => Tag::Parse,
            b'B' => Tag::Bind,
            b'D' => Tag::Describe,
            b'E' => Tag::Execute,
            b'C' => Tag::Close,
            b'F' => Tag::FunctionCall,
            b'H' => Tag::Flush,
            b'S' => Tag::Sync,
            b'd' => Tag::CopyData,
            b'c' => Tag::CopyDone,
            b'f' => Tag::CopyFail,
            b'X' => Tag::Terminate,
            _ => return Err(UNKNOWN_TAG),
        })
    }

    /// The longest body of this type, in bytes. PostgreSQL's own limits, except that it takes
    /// `Query`, `Parse` and `Bind` of up to 1 GiB.
    pub fn body_limit(self) -> usize {
        match self {
            Tag::Query | Tag::Parse | Tag::Bind | Tag::FunctionCall | Tag::CopyData => LARGE_BYTES,
            Tag::Describe
            | Tag::Execute
            | Tag::Close
            | Tag::Flush
            | Tag::Sync
            | Tag::CopyDone
            | Tag::CopyFail
            | Tag::Terminate => SMALL_BYTES,
        }
    }
}

const LARGE_BYTES: usize = (1 << 30) - 8;
const SMALL_BYTES: usize = 10_000;

/// The text of a `Query`.
pub fn query(body: &[u8]) -> Result<&[u8], Broken> {
    let mut body = Body::new(body);
    let text = body.cstring()?;
    body.end()?;
    Ok(text)
}

/// `Parse`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parse<'a> {
    pub name: &'a [u8],
    pub text: &'a [u8],
    /// Number and ids of parameter types, as they stand in the message.
    pub types: &'a [u8],
}

impl<'a> Parse<'a> {
    pub fn read(body: &'a [u8]) -> Result<Parse<'a>, Broken> {
        let mut body = Body::new(body);
        let name = body.cstring()?;
        let text = body.cstring()?;
        let types = body.rest();
        let count = body.int16()?;
        body.bytes(usize::from(count) * 4)?;
        body.end()?;
        Ok(Parse { name, text, types })
    }
}

/// The names at the front of a `Bind`. The rest may still be on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BindNames<'a> {
    pub portal: &'a [u8],
    pub statement: &'a [u8],
    /// Bytes of the body that the two names take.
    pub bytes: usize,
}

impl<'a> BindNames<'a> {
    pub fn read(body: &'a [u8]) -> Result<BindNames<'a>, Broken> {
        let mut rest = Body::new(body);
        let portal = rest.cstring()?;
        let statement = rest.cstring()?;
        Ok(BindNames { portal, statement, bytes: body.len() - rest.rest().len() })
    }
}

/// The parameters of a `Bind`, after the names.
#[derive(Clone, Debug)]
pub struct BindParameters<'a> {
    formats: &'a [u8],
    values: Vec<Option<&'a [u8]>>,
    /// Formats of result columns, their number in front.
    results: &'a [u8],
}

impl<'a> BindParameters<'a> {
    /// Reads and checks all that follows the names, without keeping the values.
    pub fn check(rest: &'a [u8]) -> Result<(), Broken> {
        BindParameters::walk(rest, |_| ()).map(|_| ())
    }

    pub fn read(rest: &'a [u8]) -> Result<BindParameters<'a>, Broken> {
        let mut values = Vec::new();
        let (formats, results) = BindParameters::walk(rest, |value| values.push(value))?;
        Ok(BindParameters { formats, values, results })
    }

    /// Parameter `number`, from 1: `None` if there is none, `Some(None)` if it is NULL.
    pub fn value(&self, number: u16) -> Option<Option<&'a [u8]>> {
        self.values.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// Whether parameter `number`, from 1, is sent in binary.
    pub fn is_binary(&self, number: u16) -> bool {
        let code = match self.formats.len() / 2 {
            0 => return false,
            1 => self.formats.get(..2),
            _ => {
                let at = usize::from(number).saturating_sub(1) * 2;
                self.formats.get(at..at + 2)
            }
        };
        code == Some(&[0, 1])
    }

    fn walk(
        rest: &'a [u8],
        mut each: impl FnMut(Option<&'a [u8]>),
    ) -> Result<(&'a [u8], &'a [u8]), Broken> {
        let mut body = Body::new(rest);
        let count = body.int16()?;
        let formats = body.bytes(usize::from(count) * 2)?;
        for _ in 0..body.int16()? {
            let length = body.int32()?;
            match usize::try_from(length) {
                Ok(length) => each(Some(body.bytes(length)?)),
                Err(_) if length == -1 => each(None),
                Err(_) => return Err(Broken("invalid length of a parameter")),
            }
        }
        let after = body.rest();
        let results = body.int16()?;
        body.bytes(usize::from(results) * 2)?;
        body.end()?;
        Ok((formats, after))
    }
}

/// Appends a `Bind` of a portal to a statement, with some parameters, by number, replaced by texts
/// (which read the same in both formats).
pub fn put_bind(
    out: &mut Vec<u8>,
    (portal, statement): (&[u8], &[u8]),
    parameters: &BindParameters<'_>,
    replaced: &[(u16, String)],
) {
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
    put_message(out, b'B', |out| {
        put_cstring(out, portal);
        put_cstring(out, statement);
        out.extend(count(parameters.formats.len() / 2));
        out.extend(parameters.formats);
        out.extend(count(parameters.values.len()));
        for (number, value) in (1..).zip(&parameters.values) {
            let ours = replaced.iter().find(|(at, _)| *at == number);
            match ours.map(|(_, text)| text.as_bytes()).or(*value) {
                None => out.extend((-1i32).to_be_bytes()),
                Some(bytes) => {
                    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
                    out.extend(bytes);
                }
            }
        }
        out.extend(parameters.results);
    });
}

/// What a `Describe` or `Close` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    Statement(&'a [u8]),
    Portal(&'a [u8]),
}

impl<'a> Target<'a> {
    pub fn read(body: &'a [u8]) -> Result<Target<'a>, Broken> {
        let mut body = Body::new(body);
        let kind = body.byte()?;
        let name = body.cstring()?;
        body.end()?;
        match kind {
            b'S' => Ok(Target::Statement(name)),
            b'P' => Ok(Target::Portal(name)),
            _ => Err(Broken("invalid subtype of a message")),
        }
    }
}

/// Appends a `Describe` (`D`) or `Close` (`C`).
pub fn put_target(out: &mut Vec<u8>, tag: u8, target: Target<'_>) {
    put_message(out, tag, |out| {
        let (kind, name) = match target {
            Target::Statement(name) => (b'S', name),
            Target::Portal(name) => (b'P', name),
        };
        out.push(kind);
        put_cstring(out, name);
    });
}

/// The portal an `Execute` names, and how many rows it asks for; none or fewer: all.
pub fn execute(body: &[u8]) -> Result<(&[u8], i32), Broken> {
    let mut body = Body::new(body);
    let portal = body.cstring()?;
    let rows = body.int32()?;
    body.end()?;
    Ok((portal, rows))
}

/// A message without content.
pub fn empty(body: &[u8]) -> Result<(), Broken> {
    Body::new(body).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_anything_after_its_end_is_refused() {
        assert_eq!(query(b"SELECT 1\0"), Ok(&b"SELECT 1"[..]));
        assert!(query(b"SELECT 1\0; SELECT 2\0").is_err());
        assert!(query(b"SELECT 1").is_err());
        assert!(query(b"").is_err());
    }

    #[test]
    fn counts_of_a_parse_must_fit() {
        let parse = Parse::read(b"s\0SELECT $1\0\0\x01\0\0\0\x17").unwrap();
        assert_eq!((parse.name, parse.text), (&b"s"[..], &b"SELECT $1"[..]));
        assert_eq!(parse.types, b"\0\x01\0\0\0\x17");
        assert!(Parse::read(b"s\0SELECT $1\0\0\x02\0\0\0\x17").is_err());
        assert!(Parse::read(b"s\0SELECT $1\0\0\0\0").is_err());
    }

    #[test]
    fn a_replaced_parameter_leaves_the_rest_of_a_bind_as_it_was() {
        let rest = b"\0\x01\0\x01\0\x03\xff\xff\xff\xff\0\0\0\x03key\0\0\0\x01x\0\x01\0\x01";
        let parameters = BindParameters::read(rest).unwrap();
        let mut same = Vec::new();
        put_bind(&mut same, (b"p", b"s"), &parameters, &[]);
        assert_eq!(&same[5..], [&b"p\0s\0"[..], rest].concat());
        let mut other = Vec::new();
        put_bind(&mut other, (b"p", b"s"), &parameters, &[(2, "handle".to_owned())]);
        let text = String::from_utf8_lossy(&other).into_owned();
        assert!(text.contains("\0\0\0\x06handle\0\0\0\x01x") && !text.contains("key"), "{text:?}");
        assert_eq!(u32::from_be_bytes(other[1..5].try_into().unwrap()) as usize, other.len() - 1);
    }

    #[test]
    fn parameters_are_found_by_number_and_format() {
        let rest = b"\0\x02\0\0\0\x01\0\x02\xff\xff\xff\xff\0\0\0\x01x\0\0";
        BindParameters::check(rest).unwrap();
        let parameters = BindParameters::read(rest).unwrap();
        assert_eq!(parameters.value(1), Some(None));
        assert_eq!(parameters.value(2), Some(Some(&b"x"[..])));
        assert_eq!((parameters.value(0), parameters.value(3)), (None, None));
        assert!(!parameters.is_binary(1) && parameters.is_binary(2));
        assert!(BindParameters::check(b"\0\0\0\x01\xff\xff\xff\xfe\0\0").is_err());
        assert!(BindParameters::check(b"\0\0\0\x01\0\0\0\x05ab\0\0").is_err());
    }
}
