//! The proxy through which hosts are asked, and the hosts that are asked past it.

use std::net::Ipv6Addr;

use ureq::{Error, Proxy};

use super::FetchError;

/// The proxy of the setting `fetch-proxy`, else the one that the environment names. Past both go the hosts of the
/// list `no_proxy`, as with `curl --proxy`.
///
/// # Errors
///
/// Fails where the proxy is none, or none of HTTP.
pub(super) fn chosen(setting: Option<&str>, no_proxy: &str) -> Result<Option<Proxy>, FetchError> {
    let proxy = match setting {
        Some(proxy) => Some(
            Proxy::new(proxy)
                .map_err(|cause| FetchError::Setup(format!("setting fetch-proxy: '{proxy}' is no proxy: {cause}")))?,
        ),
        None => Proxy::try_from_env(),
    };
    let Some(proxy) = proxy else { return Ok(None) };
    if !matches!(proxy.uri().scheme_str(), Some("http" | "https") | None) {
        return Err(FetchError::Setup(
            "the proxy in the environment or in the setting fetch-proxy is none that is used: http or https".to_owned(),
        ));
    }
    let proxy = with_exceptions(&proxy, &exceptions(no_proxy));
    proxy.map(Some).map_err(|cause| FetchError::Setup(format!("the proxy cannot be used: {cause}")))
}

/// The same proxy, for all hosts but these.
fn with_exceptions(proxy: &Proxy, exceptions: &[String]) -> Result<Proxy, Error> {
    let mut built = Proxy::builder(proxy.protocol()).host(proxy.host()).port(proxy.port());
    if let Some(name) = proxy.username() {
        built = built.username(name);
    }
    if let Some(password) = proxy.password() {
        built = built.password(password);
    }
    exceptions.iter().fold(built, |built, one| built.no_proxy(one)).build()
}

/// The hosts of a list with commas or blanks between them, in the patterns of `ureq`: a name stands for its subdomains too,
/// with or without a dot before it; `*` is every host.
fn exceptions(list: &str) -> Vec<String> {
    let names = list.split([',', ' ', '\t']).filter(|name| !name.is_empty());
    let of = |name: &str| {
        let bare = name.trim_start_matches("*.").trim_matches('.');
        match bare {
            "" => Vec::new(),
            "*" => vec!["*".to_owned()],
            bare if bare.parse::<Ipv6Addr>().is_ok() => vec![format!("[{bare}]")],
            bare => vec![bare.to_owned(), format!(".{bare}")],
        }
    };
    names.flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_are_asked_past_the_proxy_are_those_of_curl() {
        let past = |list: &str, host: &str| {
            let proxy = Proxy::new("http://ada:pa%20ss@proxy.example:3128").unwrap();
            let proxy = with_exceptions(&proxy, &exceptions(list)).unwrap();
            assert_eq!((proxy.host(), proxy.port(), proxy.username()), ("proxy.example", 3128, Some("ada")));
            assert_eq!(proxy.password(), Some("pa ss"));
            proxy.is_no_proxy(&format!("http://{host}/feed").parse().unwrap())
        };
        for (list, host, expected) in [
            ("", "alda.example", false),
            ("alda.example", "alda.example", true),
            ("alda.example", "www.alda.example", true),
            (".alda.example", "alda.example", true),
            ("*.alda.example", "www.alda.example", true),
            ("alda.example", "notalda.example", false),
            ("x.example, alda.example.", "ALDA.example:8080", true),
            ("x.example alda.example", "alda.example", true),
            ("*", "alda.example", true),
            ("127.0.0.1", "127.0.0.1:80", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("::1", "[::1]:80", true),
        ] {
            assert_eq!(past(list, host), expected, "{list} {host}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        for bad in ["socks5://127.0.0.1:1", "http://", "ftp://proxy.example"] {
            assert!(matches!(chosen(Some(bad), ""), Err(FetchError::Setup(_))), "{bad}");
        }
    }
}
