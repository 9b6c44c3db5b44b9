//! The packets before login: encryption requests, cancel requests, start-up, and the purpose a
//! start-up packet declares.
//!
//! Start-up options are relayed as they are, since dropping them changes results silently; only
//! what PostgreSQL would hand to a walsender is refused. (Manual 55.2.1, 55.7; the splitting of
//! `options` follows the server's own.)

use bytes::BytesMut;
use pgwire::messages::Message;
use pgwire::messages::startup::NegotiateProtocolVersion;

use super::frame::{Body, Broken, put_cstring};
use super::options;
use crate::catalog::settings::forbidden_setting;
use crate::model::claims::TOKEN_VARIABLE;

/// The longest packet before login, in bytes (PostgreSQL's own limit).
pub const STARTUP_BYTES: usize = 10_000;

/// Protocol 3.0, the only version spoken.
pub const PROTOCOL_3_0: i32 = 3 << 16;

const CANCEL_CODE: i32 = 80_877_102;
const SSL_CODE: i32 = 80_877_103;
const GSS_CODE: i32 = 80_877_104;

/// Name of the session variable that declares the purpose.
pub const PURPOSE_VARIABLE: &str = "pgpurpose.purpose";

/// A packet without a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    Ssl,
    Gss,
    Cancel { process: i32, secret: i32 },
    Startup(Startup),
}

impl Packet {
    /// Reads one packet and how many bytes it took; `None` until all of it is there.
    pub fn read(input: &[u8]) -> Result<Option<(Packet, usize)>, Broken> {
        let Some((head, _)) = input.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*head) as usize;
        if !(8..=STARTUP_BYTES).contains(&length) {
            return Err(Broken("invalid length of startup packet"));
        }
        let Some(packet) = input.get(4..length) else { return Ok(None) };
        let mut body = Body::new(packet);
        let packet = match body.int32()? {
            SSL_CODE => Packet::Ssl,
            GSS_CODE => Packet::Gss,
            CANCEL_CODE => Packet::Cancel { process: body.int32()?, secret: body.int32()? },
            version if version >> 16 == 3 => {
                return Ok(Some((Packet::Startup(Startup::read(version, body)?), length)));
            }
            _ => return Err(Broken("unsupported frontend protocol")),
        };
        body.end()?;
        Ok(Some((packet, length)))
    }
}

/// `StartupMessage`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Startup {
    pub minor: u16,
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Startup {
    fn read(version: i32, mut body: Body<'_>) -> Result<Startup, Broken> {
        let mut parameters = Vec::new();
        loop {
            let name = body.cstring()?;
            if name.is_empty() {
                break;
            }
            parameters.push((name.to_vec(), body.cstring()?.to_vec()));
        }
        body.end()?;
        Ok(Startup { minor: (version & 0xffff) as u16, parameters })
    }

    /// A parameter as text; `None` if it is absent or not UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().rev().find(|(n, _)| n == name.as_bytes());
        found.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// The login role.
    pub fn user(&self) -> Result<&str, Broken> {
        match self.text("user") {
            Some(user) if !user.is_empty() => Ok(user),
            _ => Err(Broken("no user name in the startup packet")),
        }
    }

    /// The database, which is the user's name where none is given.
    pub fn database(&self) -> &str {
        let given = self.text("database").filter(|d| !d.is_empty());
        given.or(self.text("user")).unwrap_or_default()
    }

    /// Asks for a walsender instead of a session.
    pub fn is_replication(&self) -> bool {
        self.parameters.iter().any(|(name, value)| {
            let off: [&[u8]; 7] = [b"false", b"off", b"no", b"0", b"f", b"n", b"of"];
            name == b"replication" && !off.contains(&value.to_ascii_lowercase().as_slice())
        })
    }

    /// Protocol options nobody here knows.
    pub fn unknown_options(&self) -> Vec<String> {
        let names = self.parameters.iter().map(|(name, _)| name);
        let unknown = names.filter(|name| name.starts_with(b"_pq_."));
        unknown.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// Session variables `pgpurpose.*` that the packet sets, as the server will understand it:
    /// first those of `options`, then direct parameters; the last one wins.
    pub fn variables(&self) -> Result<Vec<(String, String)>, Broken> {
        let mut found = self.settings()?;
        found.retain(|(name, _)| is_ours(name.as_bytes()));
        Ok(found)
    }

    /// A setting that no client may change, and why.
    pub fn forbidden(&self) -> Result<Option<(String, &'static str)>, Broken> {
        let settings = self.settings()?.into_iter();
        let mut forbidden = settings.filter_map(|(name, value)| {
            let why = forbidden_setting(&name, Some(&value))?;
            Some((name, why))
        });
        Ok(forbidden.next())
    }

    /// All that reads as a setting.
    fn settings(&self) -> Result<Vec<(String, String)>, Broken> {
        let mut found = Vec::new();
        for (name, value) in &self.parameters {
            if name == b"options" {
                let text = std::str::from_utf8(value).map_err(|_| NOT_TEXT)?;
                found.extend(options::settings(text));
            }
        }
        for (name, value) in &self.parameters {
            let name = name.to_ascii_lowercase();
            let Ok(name) = String::from_utf8(name) else { continue };
            match std::str::from_utf8(value) {
                Ok(value) => found.push((name, value.to_owned())),
                Err(_) if is_ours(name.as_bytes()) => return Err(NOT_TEXT),
                Err(_) => {}
            }
        }
        Ok(found)
    }

    /// The same packet with something else for every purpose token in it.
    pub fn with_handle(&self, handle: &str) -> Result<Startup, Broken> {
        let mut parameters = Vec::with_capacity(self.parameters.len());
        for (name, value) in &self.parameters {
            let value = match name.to_ascii_lowercase().as_slice() {
                b"options" => {
                    let text = std::str::from_utf8(value).map_err(|_| NOT_TEXT)?;
                    options::with_handle(text, handle).into_bytes()
                }
                name if name == TOKEN_VARIABLE.as_bytes() => handle.as_bytes().to_vec(),
                _ => value.clone(),
            };
            parameters.push((name.clone(), value));
        }
        Ok(Startup { minor: self.minor, parameters })
    }

    /// The packet as it goes to the server: protocol 3.0, without protocol options, with the
    /// role's default purpose where the client declares none.
    pub fn for_server(&self, default_purpose: Option<&str>) -> Vec<u8> {
        let mut packet = vec![0; 4];
        packet.extend(PROTOCOL_3_0.to_be_bytes());
        let added =
            default_purpose.map(|p| format!("-c {PURPOSE_VARIABLE}={}", options::escape(p)));
        let mut has_options = false;
        for (name, value) in &self.parameters {
            if name.starts_with(b"_pq_.") {
                continue;
            }
            put_cstring(&mut packet, name);
            match &added {
                // In front, so that whatever the client wrote is read after it.
                Some(added) if name == b"options" && !has_options => {
                    has_options = true;
                    packet.extend(added.as_bytes());
                    packet.push(b' ');
                    put_cstring(&mut packet, value);
                }
                _ => put_cstring(&mut packet, value),
            }
        }
        if let (Some(added), false) = (added, has_options) {
            put_cstring(&mut packet, b"options");
            put_cstring(&mut packet, added.as_bytes());
        }
        packet.push(0);
        let length = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        if let Some(slot) = packet.get_mut(..4) {
            slot.copy_from_slice(&length.to_be_bytes());
        }
        packet
    }
}

/// `CancelRequest`
pub fn cancel_packet(process: i32, secret: i32) -> Vec<u8> {
    let mut packet = Vec::with_capacity(16);
    for number in [16, CANCEL_CODE, process, secret] {
        packet.extend(number.to_be_bytes());
    }
    packet
}

/// `NegotiateProtocolVersion` down to 3.0, naming the options nobody here knows.
pub fn negotiation(unknown_options: Vec<String>) -> Result<Vec<u8>, Broken> {
    let mut message = BytesMut::new();
    let encoded = NegotiateProtocolVersion::new(PROTOCOL_3_0, unknown_options).encode(&mut message);
    encoded.map_err(|_| Broken("too many protocol options"))?;
    Ok(message.to_vec())
}

const NOT_TEXT: Broken = Broken("startup parameter is not valid UTF-8");

fn is_ours(name: &[u8]) -> bool {
    name.starts_with(b"pgpurpose.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(parameters: &[(&str, &str)]) -> Vec<u8> {
        let parameters =
            parameters.iter().map(|(n, v)| (n.as_bytes().to_vec(), v.as_bytes().to_vec()));
        Startup { minor: 0, parameters: parameters.collect() }.for_server(None)
    }

    fn startup(parameters: &[(&str, &str)]) -> Startup {
        match Packet::read(&packet(parameters)) {
            Ok(Some((Packet::Startup(startup), _))) => startup,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_purpose_is_found_in_every_spelling_the_server_knows() {
        for options in [
            "-c pgpurpose.purpose=ads",
            "-cpgpurpose.purpose=ads",
            "--pgpurpose.purpose=ads",
            "--PGPURPOSE.Purpose=ads",
            "-c geqo=off -e -c  pgpurpose.purpose=ads",
            "-ec pgpurpose.purpose=ads",
            "-d 5 -c pgpurpose.purpose=a\\ds",
            "-c pgpurpose.purpose=x -c pgpurpose.purpose=ads",
        ] {
            let found = startup(&[("user", "u"), ("options", options)]).variables().unwrap();
            let last = found.last().map(|(n, v)| (n.as_str(), v.as_str()));
            assert_eq!(last, Some((PURPOSE_VARIABLE, "ads")), "{options}");
        }
        let direct = startup(&[("pgpurpose.purpose", "b"), ("options", "--pgpurpose.purpose=a")]);
        assert_eq!(direct.variables().unwrap().last().unwrap().1, "b");
        let argument = startup(&[("options", "-d -cpgpurpose.purpose=x")]);
        assert!(argument.variables().unwrap().is_empty());
    }

    #[test]
    fn the_default_purpose_is_put_where_the_server_reads_it() {
        let mut given = startup(&[("user", "u"), ("options", "-c geqo=off")]);
        given.parameters.push((b"_pq_.x".to_vec(), b"1".to_vec()));
        let sent = given.for_server(Some("a b"));
        let Ok(Some((Packet::Startup(read), _))) = Packet::read(&sent) else { panic!() };
        assert_eq!(read.text("options"), Some("-c pgpurpose.purpose=a\\ b -c geqo=off"));
        assert_eq!(read.variables().unwrap(), [(PURPOSE_VARIABLE.into(), "a b".into())]);
        assert_eq!(given.unknown_options(), ["_pq_.x"]);
        assert!(read.unknown_options().is_empty());
    }

    #[test]
    fn lengths_and_ends_are_checked() {
        assert_eq!(Packet::read(&[0, 0, 0]), Ok(None));
        assert!(Packet::read(&[0, 0, 0, 7]).is_err());
        assert!(Packet::read(&[0, 1, 0, 0]).is_err());
        let mut long = packet(&[("user", "u")]);
        long.push(b'x');
        long[3] += 1;
        assert!(Packet::read(&long).is_err());
        let cancel = cancel_packet(7, -9);
        let read = Packet::read(&cancel).unwrap().unwrap().0;
        assert_eq!(read, Packet::Cancel { process: 7, secret: -9 });
    }

    #[test]
    fn a_walsender_is_recognised() {
        assert!(startup(&[("replication", "database")]).is_replication());
        assert!(startup(&[("replication", "ON")]).is_replication());
        assert!(!startup(&[("replication", "off")]).is_replication());
        assert!(!startup(&[("user", "u")]).is_replication());
    }
}
