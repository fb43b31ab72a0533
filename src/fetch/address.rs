//! Which addresses may be asked: none that leads into the user's own machine or network, unless the user's own settings
//! name it. An index directory may come from a stranger, and so may a redirect.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// Ports of web servers; others only where the user typed them.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// The addresses that may be asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowed {
    /// Private ones, as the user's settings name them.
    private: BTreeSet<String>,
    /// `HOST:PORT` of the sources.
    typed: BTreeSet<String>,
}

impl Allowed {
    pub(super) fn new(private: &BTreeSet<String>, typed: BTreeSet<String>) -> Self {
        Self { private: private.iter().map(|one| one.to_ascii_lowercase()).collect(), typed }
    }

    /// Whether the user's settings name this host and port.
    pub(super) fn is_named(&self, host: &str, port: u16) -> bool {
        let host = host.to_ascii_lowercase();
        self.private.contains(&format!("{host}:{port}")) || self.private.contains(&host)
    }

    /// Whether a connection to this address may be opened for a host.
    pub(super) fn permits(&self, host: &str, at: SocketAddr) -> bool {
        let ip = match at.ip() {
            IpAddr::V6(ip) => format!("[{ip}]"),
            IpAddr::V4(ip) => ip.to_string(),
        };
        is_public(at.ip()) || self.is_named(host, at.port()) || self.is_named(&ip, at.port())
    }

    /// Why an address may not be asked, as far as its text shows; names are resolved later.
    pub(super) fn refusal(&self, url: &Url) -> Option<String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Some(format!("'{}' addresses are not fetched", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Some("addresses with a user name are not fetched".to_owned());
        }
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0));
        let ip = match url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        };
        if let Some(ip) = ip
            && !self.permits(host, SocketAddr::new(ip, port))
        {
            return Some(private(ip));
        }
        let usual = PORTS.contains(&port) || self.is_named(host, port) || self.typed.contains(&host_of(url));
        (!usual).then(|| format!("port {port} is asked only where you typed it"))
    }
}

/// How a message ends that is about a private address.
pub(super) const PRIVATE: &str = "is a private address, and is not asked (setting fetch-private)";

/// What is said of a private address.
pub(super) fn private(ip: IpAddr) -> String {
    format!("{ip} {PRIVATE}")
}

/// Whether a text names a host as the setting `fetch-private` takes it: `HOST:PORT`, or without a port a number, `localhost`
/// or a name with a dot. A single word alone is more likely a mistake (`yes`).
#[must_use]
pub fn is_host(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let Ok(url) = Url::parse(&format!("http://{text}")) else { return false };
    let host = url.host_str().unwrap_or_default();
    match text.strip_prefix(host) {
        Some("") => host == "localhost" || host.contains(['.', ':']),
        Some(rest) => rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()),
        None => false,
    }
}

/// Host and port of an address, the unit of all politeness.
pub(super) fn host_of(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}

/// Whether an address is one of the public internet.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => inner(ip).map_or_else(|| is_public_v6(ip), is_public_v4),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved =
        matches!((a, b, c), (0, ..) | (240.., ..) | (100, 64..=127, _) | (192, 0, 0 | 2) | (198, 18..=19, _))
            || matches!((a, b, c), (198, 51, 100) | (203, 0, 113) | (192, 88, 99));
    !(reserved || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    // Global unicast, without documentation (2001:db8::/32, 3fff::/20) and benchmarks (2001:2::/48).
    (0x2000..=0x3fff).contains(&first)
        && !matches!(ip.segments(), [0x2001, 0xdb8, ..] | [0x2001, 2, 0, ..] | [0x3fff, 0..=0xfff, ..])
}

/// The IPv4 address within an IPv6 address: mapped, compatible, translated (64:ff9b::/96), 6to4, Teredo.
fn inner(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(v4(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        [0x2001, 0, .., high, low] => Some(v4(!high, !low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(allowed: &Allowed, url: &str) -> Option<String> {
        allowed.refusal(&Url::parse(url).unwrap())
    }

    #[test]
    fn private_addresses_are_refused_however_they_are_written() {
        let none = Allowed::default();
        for url in [
            "http://127.0.0.2/",
            "http://0177.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://172.31.0.1/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.2]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:1:2:3:4:80ff:fffe]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[ff02::1]/",
            "http://[2001:db8::1]/",
        ] {
            assert!(refusal(&none, url).is_some_and(|why| why.contains("private address")), "{url}");
        }
        for url in ["http://93.184.216.34/", "http://[2606:2800:220:1::1]/", "http://[64:ff9b::93.184.216.34]/"] {
            assert_eq!(refusal(&none, url), None, "{url}");
        }
    }

    #[test]
    fn a_host_of_the_settings_is_one_that_can_be_asked() {
        for good in
            ["127.0.0.1:8123", "10.0.0.7", "[::1]:81", "[fd00::1]", "NAS:80", "localhost", "archive.alda.example"]
        {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["x", "yes", "1", "", "::1", "0177.0.0.1", "http://nas:80", "nas:port", "nas:99999", "a b:80", "nas:80/x"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[test]
    fn the_users_settings_and_what_was_typed_open_single_doors() {
        let named = Allowed::new(&["127.0.0.1:8123".to_owned()].into(), ["harbour.example:9000".to_owned()].into());
        assert_eq!(refusal(&named, "http://127.0.0.1:8123/feed"), None);
        assert!(refusal(&named, "http://127.0.0.1:8124/feed").is_some());
        assert!(refusal(&named, "http://127.0.0.2:8123/feed").is_some());
        assert_eq!(refusal(&named, "http://harbour.example:9000/feed"), None);
        assert!(refusal(&named, "http://harbour.example:9001/feed").is_some_and(|why| why.contains("port 9001")));
        assert_eq!(refusal(&named, "https://harbour.example/feed"), None);
        for url in ["file:///etc/passwd", "ftp://harbour.example/", "http://user:pass@harbour.example/"] {
            assert!(refusal(&named, url).is_some(), "{url}");
        }
        // A name that resolves to a private address.
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        assert!(!named.permits("harbour.example", at("127.0.0.1:80")));
        assert!(named.permits("harbour.example", at("93.184.216.34:80")));
        assert!(named.permits("localhost", at("127.0.0.1:8123")));
    }
}
