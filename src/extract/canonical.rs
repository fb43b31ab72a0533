//! Canonical addresses: the form under which two copies of a page meet.

use url::Url;

use crate::wordlist::WordList;

/// Query parameters that say how a reader came, not what is read.
static TRACKING: WordList = WordList::new(include_str!("lists/tracking_parameters.txt"));

/// Parameters that say how a reader came on some sites, and which document is read on others.
static DOUBTFUL: WordList = WordList::new(include_str!("lists/doubtful_parameters.txt"));

/// Names of scripts that show any document of a site.
static SCRIPTS: WordList = WordList::new(include_str!("lists/script_names.txt"));

/// Names of sections.
static SECTIONS: WordList = WordList::new(include_str!("lists/sections.txt"));

/// Bytes at the top of a page among which a saving program writes where the page is from.
const TOP: usize = 4096;

/// Reduces an address to the form under which two copies of a story meet.
///
/// Scheme and host are put in lower case, and `http` becomes `https`. Fragment, user, password and tracking parameters
/// (`utm_…` and their kind) are dropped, and so is a slash at the end of the path. `ref`, `source` and their kind are
/// dropped only where the path alone names a story and the value is a word. AMP and mobile addresses become the plain
/// one. Doing it twice changes nothing more.
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
    let named = names_a_story(url.path());
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair, named)).collect();
    let kept = kept.join("&");
    url.set_query(if kept.is_empty() { None } else { Some(&kept) });
}

/// Whether a parameter says how the reader came; `named`: the path alone names a story.
fn is_tracking(pair: &str, named: bool) -> bool {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let key = key.to_ascii_lowercase();
    // A flag (`share=1`) numbers nothing.
    let word = value == "1" || !value.contains(|c: char| c.is_ascii_digit());
    key.starts_with("utm_")
        || key.starts_with("utm-")
        || key.starts_with("pk_")
        || TRACKING.has(&key)
        || named && word && DOUBTFUL.has(&key)
}

/// Whether the last part of a path is more than the name of a script or a section.
fn names_a_story(path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default().to_ascii_lowercase();
    !(stem.is_empty() || SCRIPTS.has(&stem) || SECTIONS.has(&stem))
}

/// Whether an address looks like a section's: a few short words without a number.
fn is_like_section(url: &Url) -> bool {
    let short = |part: &str| {
        part.len() <= 20
            && part.matches('-').count() <= 1
            && !part.contains(|c: char| c.is_ascii_digit() || c == '.' || c == '_')
    };
    url.query().is_none() && url.path().split('/').all(short) && url.path().split('/').count() <= 4
}

/// Whether an address that a page gives for itself can be that of the story fetched from `own`. It cannot if it is the
/// front page, or a section above or beside the story, or another site's page with another name. `titles` are the titles
/// of the page: if half of the words in an address stand in one of them, it is the address of the story.
pub(crate) fn fits(address: &str, own: Option<&str>, titles: &[&str]) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    if url.path() == "/" && url.query().is_none() {
        return false;
    }
    let last = |url: &Url| url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    let name = last(&url);
    let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 4).collect();
    let titles: Vec<String> = titles.iter().map(|title| title.to_lowercase()).collect();
    let told = words.iter().filter(|word| titles.iter().any(|title| title.contains(**word))).count();
    if told > 0 && told * 2 >= words.len() {
        return true;
    }
    let Some(own) = own.and_then(|own| canonical(own).ok()).and_then(|own| Url::parse(&own).ok()) else {
        return !(is_like_section(&url) && SECTIONS.has(&name));
    };
    if own == url || last(&own) == name {
        return true;
    }
    let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned()).unwrap_or_default();
    let (host, own_host) = (bare(&url), bare(&own));
    let same_site = host.ends_with(&own_host) || own_host.ends_with(&host);
    if !is_like_section(&url) {
        return same_site || words.len() < 3;
    }
    // Between two addresses of short words, only one above the other is a section.
    let mut path = own.clone();
    path.set_query(None);
    let unlike = !is_like_section(&path) || own.query().is_some() && !names_a_story(own.path());
    !unlike && !own.path().starts_with(&format!("{}/", url.path().trim_end_matches('/')))
}

/// The address that a program wrote into the page when it saved it: SingleFile, browsers (`saved from url`), HTTrack.
pub(crate) fn saved_from(page: &str) -> Option<String> {
    let top = &page[..page.floor_char_boundary(TOP)];
    let comments = top.split("<!--").skip(1).filter_map(|comment| comment.split("-->").next());
    comments.filter_map(address_in_comment).find(|address| canonical(address).is_ok())
}

fn address_in_comment(comment: &str) -> Option<String> {
    let after = |mark: &str| comment.split_once(mark).map(|(_, after)| after.trim_start());
    let word = |text: &str| text.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default().to_owned();
    if let Some(saved) = after("saved from url=") {
        // The number is the length of the address.
        return Some(word(
            saved.split_once(')').filter(|_| saved.starts_with('(')).map_or(saved, |(_, address)| address),
        ));
    }
    if comment.contains("SingleFile") {
        return after("url:").map(word);
    }
    let mirrored = after("Mirrored from ").map(word)?;
    Some(if mirrored.contains("://") { mirrored } else { format!("https://{mirrored}") })
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
    fn a_parameter_that_names_the_document_stays() {
        for (raw, want) in [
            (
                "https://mod.example/press/article.php?ref=2025-010",
                "https://mod.example/press/article.php?ref=2025-010",
            ),
            ("https://mod.example/index.php?source=army", "https://mod.example/index.php?source=army"),
            ("https://mod.example/news?share=fleet", "https://mod.example/news?share=fleet"),
            ("https://mod.example/frigates-sail?partner=77", "https://mod.example/frigates-sail?partner=77"),
            ("https://mod.example/?ref=home", "https://mod.example/?ref=home"),
            ("https://mod.example/doc.aspx?id=9&utm_source=x&ref=a", "https://mod.example/doc.aspx?id=9&ref=a"),
            ("https://post.example/frigates-sail?ref=rss", "https://post.example/frigates-sail"),
            ("https://post.example/2025/frigates.html?share=1&source=feed", "https://post.example/2025/frigates.html"),
        ] {
            assert_eq!(canonical(raw).as_deref(), Ok(want), "{raw}");
        }
    }

    #[test]
    fn a_section_a_front_page_and_another_story_are_not_the_storys_address() {
        let titles = ["Two frigates leave Lorn | Harbour Post"];
        let own = Some("https://post.example/news/2025/two-frigates-leave-lorn");
        for (address, own, fits_it) in [
            ("https://post.example/", own, false),
            ("https://post.example/news", own, false),
            ("https://post.example/world/europe", own, false),
            ("https://post.example/news", Some("https://post.example/news/0"), false),
            ("https://post.example/news", Some("https://post.example/article.php?id=4"), false),
            ("https://other.example/minister-opens-harbour-fair", own, false),
            ("https://other.example/2025/lorn-loses-frigates", own, true),
            ("https://wire.example/id/77812", own, true),
            ("https://post.example/story/77812", own, true),
            ("https://www.post.example/two-frigates-leave-lorn", own, true),
            ("https://post.example/frigates", own, true),
            ("https://post.example/canonical", Some("https://post.example/fetched?x=1"), true),
            ("https://post.example/news", None, false),
            ("https://post.example/frigates", None, true),
            ("https://post.example/quelle", None, true),
            ("https://post.example/news/77812", None, true),
        ] {
            assert_eq!(fits(address, own, &titles), fits_it, "{address} {own:?}");
        }
    }

    #[test]
    fn programs_that_save_pages_write_down_the_address() {
        for (page, want) in [
            (
                "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://post.example/a?b=1 \n saved date: Mon Mar 03 2025 \n-->",
                Some("https://post.example/a?b=1"),
            ),
            ("<!-- saved from url=(0022)https://post.example/a -->\r\n<html>", Some("https://post.example/a")),
            (
                "<html>\n<!-- Mirrored from www.post.example/a.html by HTTrack Website Copier/3.x [XR&CO'2014], Mon -->",
                Some("https://www.post.example/a.html"),
            ),
            ("<!-- saved from url=(0014)about:internet --><html>", None),
            ("<!-- Page saved with SingleFile url: file:///home/a.html -->", None),
            ("<!-- url: https://post.example/a -->", None),
            ("<p>saved from url=(0022)https://post.example/a</p>", None),
            ("<!-- saved from url=", None),
        ] {
            assert_eq!(saved_from(page).as_deref(), want, "{page}");
        }
        let late = format!("{}<!-- saved from url=(0022)https://post.example/a -->", "é".repeat(TOP));
        assert_eq!(saved_from(&late), None);
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
