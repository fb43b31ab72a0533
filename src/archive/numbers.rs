//! The archive's numbers, each a type of its own so that they cannot be confused.

use std::fmt;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// The number of an article, the same for all its versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleNum(pub u64);

/// The sequence number of a version: 1 for the first that was stored, growing by 1, never given twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionSeq(pub u64);

/// The number of a group of copies: that of its first article. An article without copies is a group of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupNum(pub u64);

impl VersionSeq {
    /// Before the first version: where nothing is stored, or nothing indexed.
    pub const NONE: Self = Self(0);

    /// All sequence numbers from the first to this one.
    pub fn all_up_to(self) -> impl Iterator<Item = Self> {
        (1..=self.0).map(Self)
    }
}

impl From<ArticleNum> for GroupNum {
    /// The group that an article begins.
    fn from(first: ArticleNum) -> Self {
        Self(first.0)
    }
}

macro_rules! in_columns_and_messages {
    ($($number:ty),*) => {$(
        impl fmt::Display for $number {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ToSql for $number {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $number {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                u64::column_result(value).map(Self)
            }
        }
    )*};
}

in_columns_and_messages!(ArticleNum, VersionSeq, GroupNum);
