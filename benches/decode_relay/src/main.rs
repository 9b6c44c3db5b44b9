//! The simplest relay that understands what passes: every message is decoded and encoded again.
//!
//! `decode_relay LISTEN UPSTREAM`. A measure for `scripts/bench`, with no claim to be correct.

use std::io;

use bytes::BytesMut;
use pgwire::error::PgWireResult;
use pgwire::messages::{
    DecodeContext, PgWireBackendMessage, PgWireFrontendMessage, ProtocolVersion,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// As many bytes as are read at a time.
const BUFFER_BYTES: usize = 16 * 1024;

/// The code in an SSLRequest.
const SSL_REQUEST: u32 = 80_877_103;

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, listen, upstream] = &arguments[..] else {
        return Err(io::Error::other("usage: decode_relay LISTEN UPSTREAM"));
    };
    let listener = TcpListener::bind(listen).await?;
    loop {
        let (client, _) = listener.accept().await?;
        let upstream = upstream.clone();
        tokio::spawn(async move {
            if let Err(error) = serve(client, &upstream).await {
                eprintln!("{error}");
            }
        });
    }
}

async fn serve(mut client: TcpStream, upstream: &str) -> io::Result<()> {
    let mut server = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let startup = read_startup(&mut client).await?;
    server.write_all(&startup).await?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let requests = tokio::spawn(pump(from_client, to_server, |input, output, context| {
        while let Some(message) = PgWireFrontendMessage::decode(input, context)? {
            message.encode(output)?;
        }
        Ok(())
    }));
    let replies = pump(from_server, to_client, |input, output, context| {
        while let Some(message) = PgWireBackendMessage::decode(input, context)? {
            message.encode(output)?;
        }
        Ok(())
    });
    replies.await?;
    requests.abort();
    Ok(())
}

/// The first packet that is not a request for encryption; those are declined.
async fn read_startup(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    loop {
        let length = client.read_u32().await?;
        let mut packet = vec![0; (length as usize).clamp(8, 10_000)];
        packet[..4].copy_from_slice(&length.to_be_bytes());
        client.read_exact(&mut packet[4..]).await?;
        if packet[4..8] != SSL_REQUEST.to_be_bytes() {
            return Ok(packet);
        }
        client.write_all(b"N").await?;
    }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    translate: fn(&mut BytesMut, &mut BytesMut, &DecodeContext) -> PgWireResult<()>,
) -> io::Result<()> {
    let mut context = DecodeContext::new(ProtocolVersion::PROTOCOL3_0);
    context.awaiting_frontend_ssl = false;
    context.awaiting_frontend_startup = false;
    let mut input = BytesMut::with_capacity(BUFFER_BYTES);
    let mut output = BytesMut::with_capacity(BUFFER_BYTES);
    loop {
        input.reserve(BUFFER_BYTES);
        if from.read_buf(&mut input).await? == 0 {
            return to.shutdown().await;
        }
        translate(&mut input, &mut output, &context).map_err(io::Error::other)?;
        to.write_all(&output).await?;
        output.clear();
    }
}
