//! Where a cluster is, and who asks it.

use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::ClusterError;

/// Name under which indices stand on a cluster where the address gives none.
const NAME: &str = "despatch";

/// The address of a cluster: `http://HOST:PORT`, with the name of the indices behind it if it is not `despatch`; or those of
/// several of its nodes, with commas between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port of each node, without a stroke at the end.
    pub(super) nodes: Vec<String>,
    /// Host and port of the first.
    pub(super) host: String,
    /// What the names of the indices begin with.
    pub(crate) name: String,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Address`] where it is not one, or holds a password: other users of the machine see arguments.
    pub fn new(given: &str) -> Result<Self, ClusterError> {
        let fault = |why: &'static str| ClusterError::Address { given: without_password(given), why };
        let nodes = given.split(',').map(|one| node(one.trim(), &fault)).collect::<Result<Vec<_>, _>>()?;
        let mut names: Vec<&str> = nodes.iter().filter_map(|(.., name)| name.as_deref()).collect();
        names.dedup();
        if names.len() > 1 {
            return Err(fault("its nodes have different names behind the host"));
        }
        let name = names.first().map_or(NAME, |name| name).to_owned();
        let host = nodes.first().map(|(_, host, _)| host.clone()).unwrap_or_default();
        Ok(Self { nodes: nodes.into_iter().map(|(base, ..)| base).collect(), host, name })
    }
}

/// Base, host and name of a node's address.
fn node(
    given: &str,
    fault: &dyn Fn(&'static str) -> ClusterError,
) -> Result<(String, String, Option<String>), ClusterError> {
    if given.is_empty() {
        return Err(fault("there is nothing before or behind a comma, or nothing at all"));
    }
    let url = Url::parse(given).map_err(|error| match error {
        url::ParseError::InvalidPort => fault("the port is no number from 1 to 65535"),
        _ => fault("it does not begin with http:// or https://"),
    })?;
    let (Some(host), "http" | "https") = (url.host_str(), url.scheme()) else {
        return Err(fault("it does not begin with http:// or https://"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault("it holds a user's name; a file with credentials is named by backend-credentials"));
    }
    if given.contains("/.") || given.matches("//").count() > 1 {
        return Err(fault("there are dots or empty parts behind the host"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(fault("there is something behind ? or #"));
    }
    let name = Some(url.path().trim_matches('/')).filter(|name| !name.is_empty());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let bad =
        |name: &str| !name.chars().all(plain) || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > 60;
    if name.is_some_and(bad) {
        return Err(fault("the name behind the host has other characters than small letters, digits, - and _"));
    }
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = format!("{host}{port}");
    Ok((format!("{}://{host}", url.scheme()), host, name.map(str::to_owned)))
}

/// An address as it may be shown: without what stands before an `@`, or behind `?` or `#`.
fn without_password(given: &str) -> String {
    let shown = given.split_once(['?', '#']).map(|(before, _)| format!("{before}?..."));
    let given = shown.as_deref().unwrap_or(given);
    match given.rsplit_once('@') {
        Some((before, rest)) => format!("{}...@{rest}", before.split_once("://").map_or("", |_| "http://")),
        None => given.to_owned(),
    }
}

/// The name and password with which a cluster is asked. Never shown.
#[derive(Clone)]
pub struct Credentials {
    /// The value of the header `Authorization`.
    header: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Credentials {
    /// Reads `USER:PASSWORD` from a file that only its owner can read.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Credentials`] where the file cannot be read, others can read it too, or it holds something else.
    pub fn read(file: &Path) -> Result<Self, ClusterError> {
        let fault = |why: String| ClusterError::Credentials { file: file.to_owned(), why };
        let told = |cause: std::io::Error| fault(cause.to_string());
        // The credentials themselves, which no message may show.
        if !file.exists() && file.to_str().is_some_and(|given| given.contains(':')) {
            let why = "USER:PASSWORD stands where the name of a file is wanted".to_owned();
            return Err(ClusterError::Credentials { file: "backend-credentials".into(), why });
        }
        if file.is_dir() {
            return Err(fault("it is a folder".to_owned()));
        }
        if others_can_read(&std::fs::metadata(file).map_err(told)?) {
            return Err(fault("others can read this file".to_owned()));
        }
        let text = std::fs::read_to_string(file).map_err(told)?;
        let line = text.trim_end_matches(['\r', '\n']);
        if !line.contains(':') || line.contains('\n') {
            return Err(fault("it does not hold one line USER:PASSWORD".to_owned()));
        }
        Ok(Self { header: format!("Basic {}", STANDARD.encode(line)) })
    }

    pub(super) fn header(&self) -> &str {
        &self.header
    }
}

#[cfg(unix)]
fn others_can_read(file: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_may_have_a_name() {
        let read = |given: &str| Address::new(given).map(|address| (address.nodes.join(" "), address.name));
        let ok = |nodes: &str, name: &str| (nodes.to_owned(), name.to_owned());
        assert_eq!(read("http://127.0.0.1:9200").unwrap(), ok("http://127.0.0.1:9200", "despatch"));
        assert_eq!(read("https://search.alda.example/news_2/").unwrap(), ok("https://search.alda.example", "news_2"));
        assert_eq!(read("http://[::1]:9200/").unwrap(), ok("http://[::1]:9200", "despatch"));
        let two = "http://a.example:9200 http://b.example:9200";
        assert_eq!(read("http://a.example:9200, http://b.example:9200").unwrap(), ok(two, "despatch"));
        assert_eq!(read("http://a.example:9200/x,http://b.example:9200/x").unwrap(), ok(two, "x"));
        assert_eq!(read("http://a.example:9200,http://b.example:9200/x").unwrap(), ok(two, "x"));
        for bad in [
            "http://a.example/x,http://b.example/y",
            "http://a.example,b.example",
            "http://a.example:99999",
            "http://a.example/../x",
            "http://a.example//",
            "",
            "local",
            "127.0.0.1:9200",
            "ftp://alda.example",
            "http://alda.example/a/b",
            "http://a.example?q",
        ] {
            assert!(matches!(Address::new(bad), Err(ClusterError::Address { .. })), "{bad}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_repeated() {
        let error = Address::new("http://ann:s3cret@alda.example:9200").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
        let error = Address::new("http//ann:s3cret@alda.example").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[cfg(unix)]
    #[test]
    fn no_message_shows_a_password() {
        for given in ["http://a.example:9200/?password=s3cret", "http://u:s3cret@a.example", "http://a.example#s3cret"]
        {
            let told = Address::new(given).unwrap_err().to_string();
            assert!(!told.contains("s3cret"), "{told}");
        }
        let told = Credentials::read(Path::new("admin:s3cret")).unwrap_err().to_string();
        assert!(!told.contains("s3cret") && told.contains("the name of a file"), "{told}");
    }

    #[test]
    fn credentials_come_from_a_file_that_nobody_else_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("pass");
        let write = |text: &str, mode: u32| {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            Credentials::read(&file)
        };
        assert!(write("ann:s3cret\n", 0o644).unwrap_err().to_string().contains("others can read"));
        assert!(write("ann", 0o600).is_err() && write("ann:x\nbob:y\n", 0o600).is_err());
        let read = write("ann:s3cret\n", 0o600).unwrap();
        assert_eq!(read.header(), "Basic YW5uOnMzY3JldA==");
        assert_eq!(format!("{read:?}"), "Credentials");
    }
}
