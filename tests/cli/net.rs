//! The network of README and help: a proxy on this machine that answers for every host, so that examples can follow feeds.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::OnceLock;

/// The address of the proxy.
pub(crate) fn proxy() -> &'static str {
    static PROXY: OnceLock<String> = OnceLock::new();
    PROXY.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve(stream));
            }
        });
        address
    })
}

/// Answers the requests of one tunnel.
fn serve(mut stream: TcpStream) {
    let mut input = BufReader::new(stream.try_clone().unwrap());
    while let Some(path) = request(&mut input) {
        let answer = if path.contains(':') && !path.starts_with('/') { String::new() } else { answer(&path) };
        let length = answer.len();
        let head = match path.starts_with('/') {
            true if answer.is_empty() => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            true => format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"),
            false => "HTTP/1.1 200 Connected\r\n\r\n".to_owned(),
        };
        if stream.write_all(format!("{head}{answer}").as_bytes()).is_err() {
            return;
        }
    }
}

/// The target of the next request.
fn request(input: &mut impl BufRead) -> Option<String> {
    let mut first = String::new();
    input.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let mut line = String::new();
    while input.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    first.split(' ').nth(1).map(str::to_owned)
}

/// Three stories, of which the rules of the host keep one from us.
fn answer(path: &str) -> String {
    let stories = [
        (
            "/2026/ferries",
            "Alda orders four ferries",
            "The ministry of Alda has ordered four ferries from the yard at Port Lorn.",
        ),
        ("/2026/pilots", "Borduria trains pilots abroad", "Borduria will send forty pilots to Ravenia for training."),
        ("/members/yard", "A yard and its debts", "What the yard at Port Lorn owes, and to whom."),
    ];
    if path == "/robots.txt" {
        return "User-agent: *\nDisallow: /members/\n".to_owned();
    }
    if path == "/feed.xml" {
        let item = |(path, title, summary): &(&str, &str, &str)| {
            format!(
                "<item><title>{title}</title><link>{path}</link><pubDate>Sat, 28 Feb 2026 09:00:00 GMT</pubDate>\
                 <description>{summary}</description></item>"
            )
        };
        let items: String = stories.iter().map(item).collect();
        return format!("<rss version=\"2.0\"><channel><title>Harbour Post</title>{items}</channel></rss>");
    }
    let Some((_, title, summary)) = stories.iter().find(|(known, ..)| *known == path) else { return String::new() };
    let rest = "The contract was signed on Friday, an official said, and parliament is to be told of the sum in the spring. The first \
                crews are to begin their training in the autumn, at sea and on land, with instructors from both countries.";
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{summary}</p><p>{rest}</p>\
         <p>Neighbours had asked for talks before the order, and were told that these will follow in the summer.</p></article></body></html>"
    )
}
