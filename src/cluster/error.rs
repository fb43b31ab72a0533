//! Why a cluster did not do what it was asked.

use std::path::PathBuf;

/// Why a cluster could not be used. No message holds credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// The address means no cluster.
    #[error("'{given}' is no address of a cluster: {why}")]
    Address {
        /// As the user wrote it, without what may be a password.
        given: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The file with credentials cannot be used.
    #[error("{}: {why}", file.display())]
    Credentials {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// There is no whole answer: the host cannot be reached, or is too slow.
    #[error("the cluster at {host} cannot be reached: {why}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What happened.
        why: String,
    },
    /// The cluster does not accept the credentials, or has none from us.
    #[error("the cluster at {host} refuses access ({status})")]
    Denied {
        /// Host and port.
        host: String,
        /// Status of the answer.
        status: u16,
    },
    /// The cluster has no room on its disks, and takes nothing in.
    #[error("the disks of the cluster at {host} are full: it takes nothing in")]
    Full {
        /// Host and port.
        host: String,
    },
    /// The cluster was asked for a long time and stayed too busy.
    #[error("the cluster at {host} is too busy: {why}")]
    Busy {
        /// Host and port.
        host: String,
        /// What it said last.
        why: String,
    },
    /// The cluster refused a request, or answered what cannot be read.
    #[error("the cluster at {host}: {why}")]
    Answer {
        /// Host and port.
        host: String,
        /// What it said.
        why: String,
    },
    /// What answers is no cluster that this program knows.
    #[error("{host} is no OpenSearch of version 2.11 or later: {what}")]
    Unknown {
        /// Host and port.
        host: String,
        /// What it says that it is.
        what: String,
    },
    /// Stories could not be sent, as others before them could not.
    #[error("not every story was sent to the cluster")]
    Stopped,
    /// The cluster holds nothing of this archive.
    #[error("the cluster at {host} has no index of this archive")]
    NoIndex {
        /// Host and port.
        host: String,
    },
    /// The index of this archive was made by other rules (schema, analysis or authority file), or from a newer archive.
    #[error(
        "the index on the cluster at {host} was made by another version, by another authority file or from another archive"
    )]
    Outdated {
        /// Host and port.
        host: String,
    },
}

impl ClusterError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Address { .. } => "write it as http://HOST:PORT or https://HOST:PORT/NAME".to_owned(),
            Self::Credentials { .. } => {
                "the file holds one line, USER:PASSWORD, and only its owner may read it: chmod 600 FILE".to_owned()
            }
            Self::Unreachable { why, .. } if why.contains("does not speak https") => {
                "write http:// where the port speaks http".to_owned()
            }
            Self::Unreachable { .. } => {
                "start the cluster, or look at the address; nothing was lost: the same command \
                                         goes on"
                    .to_owned()
            }
            Self::Denied { .. } => "name a file with USER:PASSWORD: backend-credentials in your settings file, or \
                                    DESPATCH_BACKEND_CREDENTIALS"
                .to_owned(),
            Self::Stopped => "nothing was lost: the same command goes on".to_owned(),
            Self::Full { .. } => "make room on its disks; nothing was lost: the same command goes on".to_owned(),
            Self::Busy { .. } => {
                "try again later; a cluster that has lost half of its nodes answers so until they are \
                                  back; nothing was lost: the same command goes on"
                    .to_owned()
            }
            Self::NoIndex { .. } => {
                "`despatch index` or `despatch rebuild` with the same --backend makes it".to_owned()
            }
            Self::Outdated { .. } => "`despatch rebuild` with the same --backend makes it again".to_owned(),
            Self::Answer { why, .. } if why.contains("no JSON") => {
                "look at the address: what answers there may be no OpenSearch".to_owned()
            }
            Self::Answer { .. } | Self::Unknown { .. } => return None,
        })
    }
}
