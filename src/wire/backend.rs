//! Views of the messages the server sends: what a relay must know to follow the dialogue.
//! Rows are not among them.

use super::frame::{Body, Broken, put_cstring, put_message};

/// State of the server's transaction, as `ReadyForQuery` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Idle,
    Transaction,
    Failed,
}

/// `ReadyForQuery`
pub fn ready(body: &[u8]) -> Result<Status, Broken> {
    let mut body = Body::new(body);
    let status = match body.byte()? {
        b'I' => Status::Idle,
        b'T' => Status::Transaction,
        b'E' => Status::Failed,
        _ => return Err(Broken("invalid transaction status from the server")),
    };
    body.end()?;
    Ok(status)
}

/// The tag of a `CommandComplete`: `SELECT 5`, `SET`.
pub fn command(body: &[u8]) -> Result<&[u8], Broken> {
    let mut body = Body::new(body);
    let tag = body.cstring()?;
    body.end()?;
    Ok(tag)
}

/// The number of rows a command tag ends with, if it does.
pub fn rows_of_tag(tag: &[u8]) -> Option<u64> {
    let tag = std::str::from_utf8(tag).ok()?;
    tag.rsplit(' ').next()?.parse().ok()
}

/// Name and value of a `ParameterStatus`.
pub fn parameter(body: &[u8]) -> Result<(&[u8], &[u8]), Broken> {
    let mut body = Body::new(body);
    let name = body.cstring()?;
    let value = body.cstring()?;
    body.end()?;
    Ok((name, value))
}

/// Process id and secret of a `BackendKeyData` of protocol 3.0.
pub fn key(body: &[u8]) -> Result<(i32, i32), Broken> {
    let mut body = Body::new(body);
    let key = (body.int32()?, body.int32()?);
    body.end()?;
    Ok(key)
}

/// The fields of an `ErrorResponse` or `NoticeResponse`.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    fields: Vec<(u8, &'a [u8])>,
}

impl<'a> Fields<'a> {
    pub fn read(body: &'a [u8]) -> Result<Fields<'a>, Broken> {
        let mut body = Body::new(body);
        let mut fields = Vec::with_capacity(10);
        loop {
            match body.byte()? {
                0 => break,
                code => fields.push((code, body.cstring()?)),
            }
        }
        body.end()?;
        Ok(Fields { fields })
    }

    pub fn field(&self, code: u8) -> Option<&'a [u8]> {
        self.fields.iter().find(|(c, _)| *c == code).map(|(_, value)| *value)
    }

    pub fn sqlstate(&self) -> &'a [u8] {
        self.field(b'C').unwrap_or(b"XX000")
    }

    /// The connection ends with this error.
    pub fn is_fatal(&self) -> bool {
        let severity = self.field(b'V').or(self.field(b'S'));
        matches!(severity, Some(b"FATAL" | b"PANIC"))
    }

    /// The character of the query the error points at, from 1.
    pub fn position(&self) -> Option<usize> {
        std::str::from_utf8(self.field(b'P')?).ok()?.parse().ok()
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &'a [u8])> + '_ {
        self.fields.iter().copied()
    }
}

/// One column of a `RowDescription`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described<'a> {
    pub name: &'a [u8],
    /// `pg_class.oid` and `pg_attribute.attnum` of the column it is; 0 where it is none.
    pub table: u32,
    pub number: i16,
    /// Type, its length and modifier, as they stand in the message.
    pub kind: [u8; 10],
    pub format: i16,
}

/// The columns of a `RowDescription`.
pub fn description(body: &[u8]) -> Result<Vec<Described<'_>>, Broken> {
    let mut body = Body::new(body);
    let mut columns = Vec::new();
    for _ in 0..body.int16()? {
        let name = body.cstring()?;
        let table = body.int32()?.cast_unsigned();
        let number = body.int16()?.cast_signed();
        let mut kind = [0; 10];
        kind.copy_from_slice(body.bytes(10)?);
        columns.push(Described { name, table, number, kind, format: body.int16()?.cast_signed() });
    }
    body.end()?;
    Ok(columns)
}

/// Appends the `RowDescription` of these columns.
pub fn put_description(out: &mut Vec<u8>, columns: &[Described<'_>]) {
    put_message(out, b'T', |out| {
        out.extend(u16::try_from(columns.len()).unwrap_or(u16::MAX).to_be_bytes());
        for column in columns {
            put_cstring(out, column.name);
            out.extend(column.table.to_be_bytes());
            out.extend(column.number.to_be_bytes());
            out.extend(column.kind);
            out.extend(column.format.to_be_bytes());
        }
    });
}

/// The columns of the first row of text values in a `DataRow` body; NULL is `None`.
pub fn text_row(body: &[u8]) -> Result<Vec<Option<String>>, Broken> {
    let mut body = Body::new(body);
    let mut row = Vec::new();
    for _ in 0..body.int16()? {
        let length = body.int32()?;
        match usize::try_from(length) {
            Err(_) => row.push(None),
            Ok(length) => {
                let text = std::str::from_utf8(body.bytes(length)?);
                row.push(Some(text.map_err(|_| Broken("text is not UTF-8"))?.to_owned()));
            }
        }
    }
    body.end()?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_fields_are_found_whatever_their_order() {
        let fields = Fields::read(b"SFEHLER\0VERROR\0C42601\0Mm\0P17\0\0").unwrap();
        assert_eq!(fields.sqlstate(), b"42601");
        assert_eq!(fields.position(), Some(17));
        assert!(!fields.is_fatal());
        assert!(Fields::read(b"SFATAL\0\0").unwrap().is_fatal());
        assert!(Fields::read(b"SERROR\0").is_err());
        assert!(Fields::read(b"SERROR\0\0x").is_err());
    }

    #[test]
    fn the_number_of_rows_ends_a_tag() {
        assert_eq!(rows_of_tag(b"INSERT 0 3"), Some(3));
        assert_eq!(rows_of_tag(b"SELECT 12"), Some(12));
        assert_eq!(rows_of_tag(b"SET"), None);
    }
}
