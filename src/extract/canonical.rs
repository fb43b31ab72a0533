//! Canonical addresses: the form under which two copies of a page meet.

use url::Url;

use crate::wordlist::WordList;

/// Query parameters that say how a reader came, not what is read.
static TRACKING: WordList = WordList::new(include_str!("lists/tracking_parameters.txt"));

/// Reduces an address to the form under which two copies of a story meet.
///
/// Scheme and host are put in lower case, and `http` becomes `https`. Fragment, user, password and tracking parameters
/// (`utm_…` and their kind) are dropped, and so is a slash at the end of the path. AMP and mobile addresses become the
/// plain one. Doing it twice changes nothing more.
///
/// # Errors
///
/// Fails where `raw` is not an absolute `http` or `https` address.
///
/// ```
/// # use despatch::extract::canonical;
/// let url = canonical("http://m.Example.org/nato/amp/?id=7&utm_source=rss#top")?;
/// assert_eq!(url, "https://example.org/nato?id=7");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn canonical(raw: &str) -> Result<String, url::ParseError> {
    let mut now = once(raw)?;
    // One folding can lay bare another (`m.amp.example.org`); each shortens the address, so this ends.
    for _ in 0..64 {
        let next = once(&now)?;
        if next == now {
            return Ok(now);
        }
        now = next;
    }
    Ok(now)
}

fn once(raw: &str) -> Result<String, url::ParseError> {
    let mut url = Url::parse(raw.trim())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(url::ParseError::RelativeUrlWithoutBase);
    }
    if let Some(inner) = cached_amp(&url) {
        return once(&inner);
    }
    // None of these fails for an `http` address with a host, and `Url::parse` accepts none without one.
    let _ = url.set_scheme("https");
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.port() == Some(80) {
        let _ = url.set_port(None);
    }
    url.set_fragment(None);
    if let Some(host) = url.host_str().and_then(folded_host) {
        url.set_host(Some(&host))?;
    }
    let path = folded_path(url.path());
    url.set_path(&path);
    drop_tracking(&mut url);
    let text = url.to_string();
    Ok(if url.path() == "/" && url.query().is_none() { text } else { text.trim_end_matches('/').to_owned() })
}

/// The address that the address of an AMP cache contains: `www.google.com/amp/s/example.org/x`,
/// `example-org.cdn.ampproject.org/c/s/example.org/x`.
fn cached_amp(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let path = url.path();
    let rest = if host.ends_with(".cdn.ampproject.org") {
        path.strip_prefix("/c/").or_else(|| path.strip_prefix("/v/"))?
    } else if host.starts_with("www.google.") {
        path.strip_prefix("/amp/")?
    } else {
        return None;
    };
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    let host_end = rest.find('/').unwrap_or(rest.len());
    rest[..host_end]
        .contains('.')
        .then(|| format!("https://{rest}{}", url.query().map(|query| format!("?{query}")).unwrap_or_default()))
}

/// The host without its mobile or AMP label, if it has one and enough is left.
fn folded_host(host: &str) -> Option<String> {
    let (first, rest) = host.split_once('.')?;
    if rest.split('.').count() < 2 || rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    if matches!(first, "m" | "amp" | "mobile" | "mobil") {
        return Some(rest.to_owned());
    }
    let (second, tail) = rest.split_once('.')?;
    (first == "www" && matches!(second, "m" | "amp") && tail.contains('.')).then(|| format!("www.{tail}"))
}

fn folded_path(path: &str) -> String {
    let mut path = path;
    loop {
        let shorter =
            path.strip_suffix("/amp").or_else(|| path.strip_suffix("/amp/")).or_else(|| path.strip_suffix(".amp"));
        match shorter {
            Some(shorter) => path = shorter,
            None => break,
        }
    }
    if let Some(stem) = path.strip_suffix(".amp.html") {
        return format!("{stem}.html");
    }
    let path = path.trim_end_matches('/');
    match path.strip_prefix("/amp/") {
        Some(rest) if !rest.is_empty() => format!("/{rest}"),
        _ => path.to_owned(),
    }
}

fn drop_tracking(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    let kept = kept.join("&");
    url.set_query(if kept.is_empty() { None } else { Some(&kept) });
}

fn is_tracking(pair: &str) -> bool {
    let key = pair.split_once('=').map_or(pair, |(key, _)| key).to_ascii_lowercase();
    key.starts_with("utm_") || key.starts_with("utm-") || key.starts_with("pk_") || TRACKING.has(&key)
}

/// The host of an address without `www.`, for an outlet that names itself nowhere.
pub(crate) fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn copies_meet() {
        for (raw, want) in [
            ("HTTP://Example.ORG:80/a/?utm_source=x&id=1&fbclid=y#c", "https://example.org/a?id=1"),
            ("https://m.example.org/a", "https://example.org/a"),
            ("https://amp.example.co.uk/a/amp/", "https://example.co.uk/a"),
            ("https://www.google.com/amp/s/www.example.org/a.amp.html", "https://www.example.org/a.html"),
            ("https://example-org.cdn.ampproject.org/c/s/example.org/a?x=1", "https://example.org/a?x=1"),
            ("https://example.org", "https://example.org/"),
            ("https://m.de/a", "https://m.de/a"),
            ("https://user:pass@example.org/?&", "https://example.org/"),
        ] {
            assert_eq!(canonical(raw).as_deref(), Ok(want), "{raw}");
        }
    }

    #[test]
    fn only_web_addresses() {
        for raw in ["/news/1", "mailto:a@example.org", "javascript:alert(1)", "file:///etc/passwd", "http://"] {
            assert!(canonical(raw).is_err(), "{raw}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn twice_is_once(
            host in "(m\\.|amp\\.|www\\.|mobile\\.){0,3}[a-z]{1,5}\\.(org|co\\.uk)",
            path in "(/(amp|a|b\\.amp|c\\.amp\\.html|%20|é|\\.\\.|)){0,6}",
            query in "(\\?([&a-z_=/]{0,12}|utm_source=a&?|x=1&?){0,3})?(#.{0,4})?",
        ) {
            if let Ok(once) = canonical(&format!("http://{host}{path}{query}")) {
                let twice = canonical(&once);
                prop_assert_eq!(twice.as_deref(), Ok(once.as_str()));
            }
        }

        #[test]
        fn any_text_is_taken(raw in "\\PC{0,60}") {
            if let Ok(once) = canonical(&raw) {
                let twice = canonical(&once);
                prop_assert_eq!(twice.as_deref(), Ok(once.as_str()));
            }
        }
    }
}
