//! A proxy between a client and the server, which counts round trips and requests for cancellation.
//!
//! It holds what the server sends until the server has answered everything and the client has been silent for 20 ms;
//! so whatever the client sends without waiting is one flush, and the number of releases is the number of round trips.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

const SILENCE: Duration = Duration::from_millis(20);

/// The protocol's number for a request for cancellation, in the place of its version.
const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();

/// A proxy in front of the server, as long as the runtime runs.
pub(super) struct Proxy {
    /// The way to the server through the proxy.
    pub(super) config: Config,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    releases: AtomicUsize,
    cancels: AtomicUsize,
}

/// Anything that bytes go in and come out of.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Proxy {
    /// A proxy that holds the server's bytes and counts.
    pub(super) async fn holding(server: &Config) -> Proxy {
        Proxy::start(server, true).await
    }

    /// A proxy that passes everything on at once, and counts requests for cancellation.
    pub(super) async fn passing(server: &Config) -> Proxy {
        Proxy::start(server, false).await
    }

    async fn start(server: &Config, hold: bool) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let mut config = Config::new();
        config.host("127.0.0.1").port(listener.local_addr().unwrap().port());
        server.get_user().map(|user| config.user(user));
        server.get_password().map(|password| config.password(password));
        server.get_dbname().map(|name| config.dbname(name));
        server.get_options().map(|options| config.options(options));
        server.get_application_name().map(|name| config.application_name(name));
        let counts = Arc::new(Counts::default());
        let (server, counted) = (server.clone(), Arc::clone(&counts));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server.clone(), Arc::clone(&counted), hold));
            }
        });
        Proxy { config, counts }
    }

    /// The round trips since the last call.
    pub(super) fn round_trips(&self) -> usize {
        self.counts.releases.swap(0, Ordering::Relaxed)
    }

    /// The requests for cancellation since the last call.
    pub(super) fn cancels(&self) -> usize {
        self.counts.cancels.swap(0, Ordering::Relaxed)
    }
}

async fn open(server: &Config) -> std::io::Result<Box<dyn Stream>> {
    let port = server.get_ports().first().copied().unwrap_or(5432);
    Ok(match &server.get_hosts()[0] {
        Host::Unix(directory) => Box::new(UnixStream::connect(directory.join(format!(".s.PGSQL.{port}"))).await?),
        Host::Tcp(name) => Box::new(TcpStream::connect((name.as_str(), port)).await?),
    })
}

/// One connection. Whatever goes wrong ends it, as it would end the connection that it stands for.
async fn serve(mut client: TcpStream, server: Config, counts: Arc<Counts>, hold: bool) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut first = [0; 8];
    client.read_exact(&mut first).await?;
    let cancel = first[4..] == CANCEL;
    counts.cancels.fetch_add(usize::from(cancel), Ordering::Relaxed);
    let mut server = open(&server).await?;
    server.write_all(&first).await?;
    if cancel || !hold {
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    let mut requests = Messages { skip: be(&first) - 8, head: Vec::new(), seen: 0, wanted: b"SQ" };
    let mut answers = Messages { skip: 0, head: Vec::new(), seen: 0, wanted: b"Z" };
    let (mut from_client, mut from_server) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut held = Vec::new();
    loop {
        // The login is a conversation of its own: it ends with the first `ReadyForQuery`.
        let login = answers.seen == 0;
        let complete = !held.is_empty() && (login || answers.seen == requests.seen + 1);
        tokio::select! {
            read = client.read(&mut from_client) => {
                let sent = &from_client[..read?];
                if sent.is_empty() {
                    return Ok(());
                }
                requests.read(sent);
                server.write_all(sent).await?;
            }
            read = server.read(&mut from_server) => {
                let sent = &from_server[..read?];
                if sent.is_empty() {
                    return client.write_all(&held).await;
                }
                answers.read(sent);
                held.extend_from_slice(sent);
            }
            () = tokio::time::sleep(SILENCE), if complete => {
                client.write_all(&held).await?;
                held.clear();
                counts.releases.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Counts the messages of some kinds in a stream that comes in pieces.
struct Messages {
    /// Bytes of the present message that are still to come.
    skip: usize,
    /// The beginning of the next one: its kind and its length.
    head: Vec<u8>,
    seen: usize,
    wanted: &'static [u8],
}

impl Messages {
    fn read(&mut self, mut bytes: &[u8]) {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            let Some((&next, rest)) = bytes.split_first() else { return };
            self.head.push(next);
            bytes = rest;
            if self.head.len() == 5 {
                self.seen += usize::from(self.wanted.contains(&self.head[0]));
                self.skip = be(&self.head[1..]) - 4;
                self.head.clear();
            }
        }
    }
}

fn be(bytes: &[u8]) -> usize {
    usize::try_from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).unwrap()
}
