//! `despatch serve`: the page, the JSON API, and the tools of assistants.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::ValueHint;

use super::open::browse;
use super::output::{self, Output};
use super::request::clock;
use super::{Global, Outcome, headings, mcp};
use crate::archive::hex;
use crate::ask::choice::{Choice, choice, one_of};
use crate::mcp::Setup;
use crate::pool::{Limits, PoolError};
use crate::serve::{self, Listener, Logged, Options, ServeError, World};

/// The port, unless another is named.
const PORT: u16 = 7373;
/// Ports after it that are tried where it is taken.
const NEXT: u16 = 20;
/// Letters of a token, at least: fewer can be guessed.
const SHORTEST: usize = 16;

const LOGS: &[Choice<Logged>] = &[
    choice(&["requests"], "Without what was searched for", Logged::Requests),
    choice(&["queries"], "With all parameters", Logged::Queries),
];

/// Serves a search page, a JSON API and tools for assistants on this machine.
///
/// Prints the address once it answers. The page needs no script; `/v1/search?q=WORDS` answers as JSON, with the long
/// options as parameters, and `/v1/openapi.json` describes the rest; `/mcp` speaks the Model Context Protocol (see
/// `despatch help mcp`). It only reads. What `index`, `fetch`, `remove` and `purge` change meanwhile is seen by the next
/// request.
///
/// It listens to this machine alone, unless --host says otherwise; then it asks for a token, and makes one where none
/// is given. It encrypts nothing: put a proxy before it for that. It ends by Ctrl-C, after the requests under way.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    host: IpAddr,
    /// The port, 0 for any that is free [default: 7373, or the next that is free]
    #[arg(long)]
    port: Option<u16>,
    /// Listen on a file instead, for a proxy on this machine
    #[cfg(unix)]
    #[arg(long, value_name = "unix:PATH", value_parser = socket_file, conflicts_with_all = ["host", "port", "open"])]
    listen: Option<PathBuf>,
    /// Open the page in the browser
    #[arg(long, conflicts_with = "no_page")]
    open: bool,
    /// A file with the token that is asked for: as a bearer, or as the password of any user. DESPATCH_TOKEN holds one,
    /// too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    token_file: Option<PathBuf>,
    /// A name by which the server is reached besides those of this machine: that of a proxy before it
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Have no page, but the API and the tools for assistants
    #[arg(long)]
    no_page: bool,
    /// Have no tools for assistants under /mcp
    #[arg(long)]
    no_mcp: bool,
    /// Count requests and their time, for Prometheus, under /metrics
    #[arg(long)]
    metrics: bool,
    /// Print a line for each request on standard error: without what was searched for, unless it is "queries"
    #[arg(long, value_name = "WHAT", value_parser = one_of(LOGS))]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "requests")]
    log: Option<Logged>,
    /// Say in answers from which files articles came
    #[arg(long)]
    show_paths: bool,
    /// Questions that are answered at a time [default: one for each core, at most 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Seconds that an answer may take
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    max_seconds: u64,
}

/// An address in digits, or `localhost`.
fn address(text: &str) -> Result<IpAddr, String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    match bare {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => bare.parse().map_err(|_| "an address in digits, such as 127.0.0.1 or 0.0.0.0".to_owned()),
    }
}

/// The path of `unix:PATH`.
#[cfg(unix)]
fn socket_file(text: &str) -> Result<PathBuf, String> {
    let path = text.strip_prefix("unix:").filter(|path| !path.is_empty());
    path.map(PathBuf::from).ok_or_else(|| "a file after \"unix:\", such as unix:/run/despatch.sock".to_owned())
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    headings::must_be_of_index(global)?;
    #[cfg(unix)]
    if let Some(path) = &args.listen {
        let listener = Listener::Unix(listener_of_file(path)?);
        let ended = serve_on(listener, format!("unix:{}", path.display()), token(args)?, args, global, out);
        let _ = std::fs::remove_file(path); // it may be gone already
        return ended;
    }
    let given = token(args)?;
    let listener = listener(args)?;
    let bound = listener.local_addr()?;
    let token = match given {
        None if !bound.ip().is_loopback() => {
            let made = made_token()?;
            out.warn(&format!("others can reach {bound}, so this token is asked for: {made}"));
            out.note("nothing is encrypted on the way: put a proxy before it for that");
            Some(made)
        }
        given => given,
    };
    serve_on(Listener::Tcp(listener), format!("http://{}/", openable(bound)), token, args, global, out)
}

/// Prints the address as soon as requests are answered, and answers them until the server is told to end.
fn serve_on(
    listener: Listener,
    address: String,
    token: Option<String>,
    args: &Args,
    global: &Global,
    out: &mut Output,
) -> anyhow::Result<Outcome> {
    let options = Options {
        index: global.index.clone(),
        limits: Limits {
            threads: args.threads.map_or(Limits::default().threads, usize::from),
            time: Duration::from_secs(args.max_seconds),
            ..Limits::default()
        },
        hosts: args.allow_host.clone(),
        token,
        no_page: args.no_page,
        show_paths: args.show_paths,
        metrics: args.metrics,
        logged: args.log.unwrap_or_default(),
        help: mcp::pages(),
        assistants: assistants(args, global)?,
    };
    let world = World { now: Box::new(clock(global)?), log: Box::new(output::log) };
    let mut failed = None;
    let ended = serve::run(listener, options, world, || failed = tell(args, &address, out).err());
    match (ended, failed) {
        (Err(ServeError::Pool(PoolError::Index(error))), _) => Err((*error).into()),
        (Err(ServeError::Pool(PoolError::Engine(error))), _) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
        (Ok(()), Some(error)) => Err(error),
        (Ok(()), None) => Ok(Outcome::Done),
    }
}

/// What assistants get under `/mcp`: as from an address, the same for everybody, whatever the settings are.
fn assistants(args: &Args, global: &Global) -> anyhow::Result<Option<Setup>> {
    if args.no_mcp {
        return Ok(None);
    }
    let setup = mcp::setup(global)?;
    Ok(Some(Setup { matching: None, feedback: true, show_paths: args.show_paths, ..setup }))
}

/// Prints the address, and opens it if that is wished; where no browser can be started, the address is enough.
fn tell(args: &Args, address: &str, out: &mut Output) -> anyhow::Result<()> {
    writeln!(out, "{address}")?;
    out.finish()?;
    match if args.open { browse(address) } else { Ok(true) } {
        Ok(true) => {}
        Ok(false) => out.note("no browser was found; BROWSER names one"),
        Err(error) => out.note(&format!("{error:#}")),
    }
    Ok(())
}

/// An address that a browser can open: no wildcard.
fn openable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

/// The socket: one that systemd hands over, else one of the address and port that were asked for.
fn listener(args: &Args) -> anyhow::Result<TcpListener> {
    if let Some(listener) = listenfd::ListenFd::from_env().take_tcp_listener(0)? {
        return Ok(listener);
    }
    let bind = |port| TcpListener::bind((args.host, port));
    if let Some(port) = args.port {
        let hint = "name another with --port, or 0 for any that is free";
        return bind(port).with_context(|| format!("port {port} of {} cannot be used; {hint}", args.host));
    }
    let mut tried = (PORT..=PORT + NEXT).map(bind);
    let taken = |result: &std::io::Result<TcpListener>| {
        result.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    let listener = tried.find(|result| !taken(result));
    let listener =
        listener.with_context(|| format!("ports {PORT} to {} are taken; name one with --port", PORT + NEXT))?;
    listener.with_context(|| format!("{} cannot be listened on", args.host))
}

#[cfg(unix)]
fn listener_of_file(path: &Path) -> anyhow::Result<UnixListener> {
    let hint = "name one that is not there, in a folder that is; delete it if a server that was killed left it";
    UnixListener::bind(path).with_context(|| format!("the file {} cannot be listened on: {hint}", path.display()))
}

/// The token of the file or the environment; never of the command line, which all users of the machine can read.
fn token(args: &Args) -> anyhow::Result<Option<String>> {
    let (place, text) = match &args.token_file {
        Some(path) => {
            let place = path.display().to_string();
            (place.clone(), std::fs::read_to_string(path).context(place)?)
        }
        None => match std::env::var("DESPATCH_TOKEN") {
            Ok(text) => ("DESPATCH_TOKEN".to_owned(), text),
            Err(_) => return Ok(None),
        },
    };
    let token = text.trim();
    if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!(
            "{place}: a token has {SHORTEST} letters or more, of visible ASCII, on one line: `openssl rand -hex 16` makes one"
        );
    }
    Ok(Some(token.to_owned()))
}

fn made_token() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no token can be made: {error}"))?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_is_printed_can_be_opened() {
        let shown = |bound: &str| openable(bound.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(shown("[::]:80"), "[::1]:80");
        assert_eq!(shown("192.0.2.1:80"), "192.0.2.1:80");
        assert_eq!(address("localhost").unwrap().to_string(), "127.0.0.1");
        assert!(address("news.example").is_err());
    }
}
