//! Certificates: of the user's own root, expired, of another host, and a host that speaks no TLS at all.
//!
//! The files in `tls/` were made with OpenSSL for these tests: a root whose key was thrown away, and three hosts that it
//! signed for the years 2000 to 2120, one of them for 2000 alone.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::Server;
use super::{Desk, feed};

/// The path of a file in `tls/`.
fn file(name: &str) -> String {
    format!("{}/tests/fetch/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A listener that has the certificate of this name and answers every request with `body`; `IP:PORT`.
fn serve(name: &str, body: String) -> String {
    let certificate = CertificateDer::from_pem_file(file(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(connection, stream));
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let answer =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.get_mut().write_all(answer.as_bytes());
            stream.get_mut().conn.send_close_notify();
            let _ = stream.get_mut().flush();
        }
    });
    host
}

#[test]
fn certificates_are_checked_against_the_users_roots() {
    let body = feed(&Server::new(), &[("/a", "One", "x")]);
    for (name, root, told) in [
        ("good", true, None),
        ("good", false, Some("is signed by nobody known here")),
        ("expired", true, Some("has expired")),
        ("wrong", true, Some("the certificate is not one of 127.0.0.1")),
    ] {
        let host = serve(name, body.clone());
        let mut desk = Desk::of(&[]);
        desk.private.push(host.clone());
        let mut command = desk.command(&["follow", &format!("https://{host}/feed")]);
        if root {
            command.env("SSL_CERT_FILE", file("root.pem"));
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.success(), told.is_none(), "{name}: {stderr}");
        assert!(stderr.contains(told.unwrap_or_default()), "{name}: {stderr}");
    }
}

#[test]
fn a_host_that_speaks_no_tls_is_told_in_plain_words() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let mut desk = Desk::of(&[]);
    desk.private.push(host.clone());
    let run = desk.run(&["follow", &format!("https://{host}/feed")]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("does not speak https at this port"), "{run:?}");
    assert!(run.stderr.contains("hint: try the address with http://"), "{run:?}");
}
