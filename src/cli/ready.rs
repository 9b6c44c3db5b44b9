//! `pgpurpose ready`: asks the admin port, for container health checks that have no other client.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::exit::{Exit, say};

const TIMEOUT: Duration = Duration::from_secs(2);
/// The answer is a line or two.
const MAX_ANSWER_BYTES: u64 = 64 << 10;

#[derive(Args, Debug)]
pub struct Ready {
    /// Address and port of the admin port
    #[arg(long, env = "PGPURPOSE_ADMIN__LISTEN", default_value = "127.0.0.1:9432")]
    admin: String,
}

impl Ready {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let answer = ask(&self.admin).with_context(|| format!("cannot ask {}", self.admin))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        say(body);
        Ok(if head.split(' ').nth(1) == Some("200") { Exit::Yes } else { Exit::No })
    }
}

fn ask(address: &str) -> std::io::Result<String> {
    // Bound to every interface means reachable on this one.
    let address = address.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    let socket = address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&socket, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: pgpurpose\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(MAX_ANSWER_BYTES).read_to_string(&mut answer)?;
    Ok(answer)
}
