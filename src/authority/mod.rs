//! The authority file: one heading for each actor and topic, its variants, its broader terms.

use std::sync::OnceLock;

/// A compiled authority file.
#[derive(Debug)]
pub struct Authority {
    fingerprint: u64,
}

/// What a name can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Just this heading.
    One(String),
    /// Any of these headings.
    Ambiguous(Vec<String>),
    /// No heading; these are the nearest, best first.
    Unknown(Vec<String>),
}

impl Authority {
    /// The authority file that is compiled into the program.
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Authority> = OnceLock::new();
        BUNDLED.get_or_init(|| Self { fingerprint: 0 })
    }

    /// Changes whenever an article could be tagged otherwise.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The display name of an actor (`person/keir-starmer`).
    pub fn heading(&self, id: &str) -> Option<&str> {
        let _ = id;
        None
    }

    /// The state to which an actor belongs (`united-kingdom`); a state belongs to itself.
    pub fn affiliation(&self, id: &str) -> Option<&str> {
        let _ = id;
        None
    }

    /// The actor that a user's word means: an id, its slug, a heading or a variant, in any case or spelling.
    pub fn resolve(&self, name: &str) -> Resolution {
        let _ = name;
        Resolution::Unknown(Vec::new())
    }

    /// The topic that a user's word means: an id (`procurement/combat-aircraft`), its last part or a heading.
    pub fn resolve_topic(&self, name: &str) -> Resolution {
        let _ = name;
        Resolution::Unknown(Vec::new())
    }

    /// The display name of a topic.
    pub fn topic_heading(&self, id: &str) -> Option<&str> {
        let _ = id;
        None
    }
}
