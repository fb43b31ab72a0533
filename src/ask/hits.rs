//! Questions that are answered with articles or statements.

use super::choice::{ORDERS, one_of};
use super::{AskError, Asked, FilterArgs};
use crate::article::Moment;
use crate::engine::{QuotesRequest, SearchRequest, Sort};

/// A search.
#[derive(Debug, Clone, clap::Args)]
pub struct SearchArgs {
    /// The query, or @NAME and words to look for in that saved search; without one, all that pass the filters
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Articles to print
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Print every article that matches
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Articles to skip before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// Most passages of each article: a number, or "all"
    #[arg(long, value_name = "N", default_value = "1", value_parser = passages)]
    pub passages: usize,
    /// Print each matching sentence with N sentences before and after it, instead of passages of 60 to 160 words
    #[arg(long, value_name = "N")]
    pub context: Option<usize>,
    /// Rank newer articles higher: half of each score decays with the article's age, halving every DAYS days [90 if
    /// none are given; a number after it is DAYS]
    #[arg(long, value_name = "DAYS", value_parser = half_life)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "90")]
    pub recency: Option<f64>,
    /// The order of the articles
    #[arg(long, value_parser = one_of(ORDERS), default_value = "relevance")]
    pub sort: Sort,
    /// Print every copy of a story as a hit
    #[arg(long)]
    pub all_copies: bool,
    /// Say how the query was understood, how many articles each part matches, what feedback added, and where each score
    /// comes from
    #[arg(long)]
    pub explain: bool,
    /// Rank a short query by its own words alone
    #[arg(long, overrides_with = "feedback")]
    pub no_feedback: bool,
    /// Let a short query learn words from its best articles, even if the settings turn that off
    #[arg(long, hide_short_help = true)]
    pub feedback: bool,
}

/// `all`, or a number of passages.
fn passages(text: &str) -> Result<usize, String> {
    match text {
        "all" => Ok(usize::MAX),
        number => number.parse().map_err(|_| "a number or 'all'".to_owned()),
    }
}

/// A number of days greater than 0.
fn half_life(text: &str) -> Result<f64, String> {
    let days = text.parse().ok().filter(|days: &f64| days.is_finite() && *days > 0.0);
    days.ok_or_else(|| "a number of days greater than 0".to_owned())
}

impl SearchArgs {
    /// The request to an engine.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value.
    pub fn request(&self, asked: &Asked, now: Moment) -> Result<SearchRequest, AskError> {
        Ok(SearchRequest {
            filters: asked.filters.filters(&now)?,
            sort: self.sort,
            limit: if self.all { usize::MAX } else { self.limit },
            offset: self.offset,
            passages: self.passages,
            context: self.context,
            recency: self.recency,
            feedback: self.feedback || !self.no_feedback,
            explain: self.explain,
            all_copies: self.all_copies,
            partial: !self.all,
            ..SearchRequest::new(&asked.query, now)
        })
    }
}

/// A search for articles like one.
#[derive(Debug, Clone, clap::Args)]
pub struct SimilarArgs {
    /// Identifier, the beginning of one, or the address of the article
    pub id: String,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Articles to print
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Articles to skip before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// Most passages of each article
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub passages: usize,
    /// Print every copy of a story as a hit
    #[arg(long)]
    pub all_copies: bool,
}

impl SimilarArgs {
    /// The request to an engine, which takes the article beside it.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value, or does not apply.
    pub fn request(&self, now: Moment) -> Result<SearchRequest, AskError> {
        if self.filters.matching.is_some() {
            let what = "--match does not apply to similar: it has no words of a query to count";
            return Err(AskError::Misused(what.to_owned()));
        }
        Ok(SearchRequest {
            filters: self.filters.filters(&now)?,
            limit: self.limit,
            offset: self.offset,
            passages: self.passages,
            all_copies: self.all_copies,
            ..SearchRequest::new("", now)
        })
    }
}

/// A search for statements.
#[derive(Debug, Clone, clap::Args)]
pub struct QuotesArgs {
    /// The words; without any, all statements of the articles that pass the filters
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Whose statements, as --said
    #[arg(long, value_name = "NAME")]
    pub by: Vec<String>,
    /// Only statements with the speaker's own words
    #[arg(long)]
    pub direct: bool,
    /// Leave out what is a guess: who speaks, or that anybody said this
    #[arg(long)]
    pub certain: bool,
    /// Statements to print, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Statements to skip before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// The order: relevance is the most words first
    #[arg(long, value_parser = one_of(ORDERS), default_value = "newest")]
    pub sort: Sort,
    /// Print the same words for every article that has them
    #[arg(long)]
    pub all_copies: bool,
}

impl QuotesArgs {
    /// The request to an engine.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value.
    pub fn request(&self, asked: &Asked, now: Moment) -> Result<QuotesRequest, AskError> {
        let mut filters = asked.filters.filters(&now)?;
        filters.said.extend(self.by.iter().cloned());
        Ok(QuotesRequest {
            query: asked.query.clone(),
            filters,
            direct: self.direct,
            certain: self.certain,
            sort: self.sort,
            limit: self.limit,
            offset: self.offset,
            all_copies: self.all_copies,
            now,
        })
    }
}
