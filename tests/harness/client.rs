//! A client that sees every byte: it logs in, sends what it is told and keeps what comes back.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use postgres_protocol::authentication::sasl::{ChannelBinding, ScramSha256};

use super::message::{Message, Outgoing, text};

/// How to log in.
#[derive(Clone)]
pub struct Login {
    pub port: u16,
    pub user: String,
    pub password: String,
    /// Start-up parameters besides the user.
    pub parameters: Vec<(String, String)>,
}

impl Login {
    pub fn new(port: u16, user: &str, password: &str, database: &str) -> Login {
        let parameters = vec![("database".to_owned(), database.to_owned())];
        Login { port, user: user.to_owned(), password: password.to_owned(), parameters }
    }

    pub fn with(mut self, name: &str, value: &str) -> Login {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `options=-c pgpurpose.purpose=…`
    pub fn for_purpose(self, purpose: &str) -> Login {
        self.with("options", &format!("-c pgpurpose.purpose={purpose}"))
    }

    pub fn at(mut self, port: u16) -> Login {
        self.port = port;
        self
    }
}

/// A logged-in connection.
pub struct Client {
    stream: TcpStream,
    /// What came between AuthenticationOk and the first ReadyForQuery.
    pub greeting: Vec<Message>,
    /// An alarm of the second line is what the test is about.
    pub expects_alarm: bool,
    port: u16,
}

/// Nothing here takes that long; a hanging test is a failing one.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// What a client is told whose result was stopped: in a test, always a fault of the proxy.
const ALARM: &str = "the server would show a column";

impl Client {
    /// Logs in. An ErrorResponse becomes an error with its text.
    pub fn connect(login: &Login) -> io::Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", login.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(READ_LIMIT))?;
        let mut client =
            Client { stream, greeting: Vec::new(), expects_alarm: false, port: login.port };
        client.stream.write_all(&startup(login))?;
        client.authenticate(&login.password)?;
        loop {
            let message = client.receive()?;
            match message.tag {
                b'E' => return Err(io::Error::other(message.error_text())),
                b'Z' => return Ok(client),
                _ => client.greeting.push(message),
            }
        }
    }

    fn authenticate(&mut self, password: &str) -> io::Result<()> {
        let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        loop {
            let message = self.receive()?;
            if message.tag == b'E' {
                return Err(io::Error::other(message.error_text()));
            }
            let (kind, data) = message.body.split_at(4);
            let reply = match u32::from_be_bytes(kind.try_into().unwrap()) {
                0 => return Ok(()),
                10 => {
                    let first = scram.message();
                    let length = i32::try_from(first.len()).unwrap().to_be_bytes();
                    [&text("SCRAM-SHA-256")[..], &length, first].concat()
                }
                11 => {
                    scram.update(data)?;
                    scram.message().to_vec()
                }
                12 => {
                    scram.finish(data)?;
                    continue;
                }
                other => return Err(io::Error::other(format!("authentication request {other}"))),
            };
            self.send(&Outgoing::new().message(b'p', &reply));
        }
    }

    pub fn send(&mut self, messages: &Outgoing) {
        self.stream.write_all(&messages.0).expect("send");
    }

    /// Sends to a server that may have closed the connection.
    pub fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub fn receive(&mut self) -> io::Result<Message> {
        let mut header = [0; 5];
        self.stream.read_exact(&mut header)?;
        let length = u32::from_be_bytes(header[1..].try_into().unwrap()) as usize;
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body)?;
        let message = Message { tag: header[0], body };
        let alarmed =
            !self.expects_alarm && message.tag == b'E' && message.error_text().contains(ALARM);
        assert!(!alarmed, "the second line raised an alarm: {}", message.error_text());
        Ok(message)
    }

    /// Everything up to and including the next message with this tag.
    pub fn receive_through(&mut self, tag: u8) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        while messages.last().is_none_or(|m| m.tag != tag) {
            match self.receive() {
                Ok(message) => messages.push(message),
                Err(error) => {
                    panic!("waiting for {}: {error}; so far {messages:?}", char::from(tag))
                }
            }
        }
        messages
    }

    /// Runs a text by the simple protocol.
    pub fn query(&mut self, sql: &str) -> Vec<Message> {
        self.send(&Outgoing::new().query(sql));
        self.receive_through(b'Z')
    }

    /// Runs a statement by the extended protocol, everything as text.
    pub fn query_with(&mut self, sql: &str, parameters: &[&str]) -> Vec<Message> {
        let bytes: Vec<_> = parameters.iter().map(|p| Some(p.as_bytes())).collect();
        self.send(&Outgoing::new().extended(sql, &bytes));
        self.receive_through(b'Z')
    }

    /// The rows of a statement; an error is a panic.
    pub fn rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        rows_of(&self.query(sql)).unwrap_or_else(|error| panic!("{error}\nin {sql}"))
    }

    /// The single value of a statement; `None`: NULL.
    pub fn value(&mut self, sql: &str) -> Option<String> {
        let mut rows = self.rows(sql);
        assert_eq!(rows.len(), 1, "rows of {sql}");
        rows.remove(0).remove(0)
    }

    /// The first error of a statement; none is a panic.
    pub fn error(&mut self, sql: &str) -> Message {
        let reply = self.query(sql);
        let error = reply.iter().find(|m| m.tag == b'E').cloned();
        error.unwrap_or_else(|| panic!("no error from {sql}: {reply:?}"))
    }

    /// Asks the server, by a connection of its own, to stop what this one does.
    pub fn cancel(&self) -> io::Result<()> {
        let key = self.greeting.iter().find(|m| m.tag == b'K').expect("a cancel key");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let length = u32::try_from(8 + key.body.len()).unwrap();
        let mut packet = length.to_be_bytes().to_vec();
        packet.extend(80_877_102_u32.to_be_bytes());
        packet.extend(&key.body);
        stream.write_all(&packet)?;
        // The server closes once it has sent the signal.
        let _ = stream.read(&mut [0; 1]);
        Ok(())
    }
}

/// The rows in a reply, or the text of its error.
pub fn rows_of(reply: &[Message]) -> Result<Vec<Vec<Option<String>>>, String> {
    match reply.iter().find(|m| m.tag == b'E') {
        Some(error) => Err(error.error_text()),
        None => Ok(reply.iter().filter(|m| m.tag == b'D').map(Message::values).collect()),
    }
}

fn startup(login: &Login) -> Vec<u8> {
    let mut body = 196_608_u32.to_be_bytes().to_vec();
    body.extend([text("user"), text(&login.user)].concat());
    for (name, value) in &login.parameters {
        body.extend([text(name), text(value)].concat());
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap();
    [&length.to_be_bytes()[..], &body].concat()
}
