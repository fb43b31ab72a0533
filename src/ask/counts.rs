//! Questions that are answered with counts.

use super::choice::{FACET_ORDERS, FACETS, LINES, Line, NAMES, Named, PAIR_ORDERS, PERIODS, one_of};
use super::{AskError, Asked, FilterArgs};
use crate::article::Moment;
use crate::engine::{
    Facet, FacetCount, FacetRequest, FacetResponse, FacetSort, PairSort, PairsRequest, TimelineRequest,
};

/// A count of articles by facets.
#[derive(Debug, Clone, clap::Args)]
pub struct FacetsArgs {
    /// The query, or @NAME and words to look for in that saved search; without one, all that pass the filters
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Facets to count by, comma-separated
    #[arg(long, value_parser = one_of(FACETS), value_delimiter = ',', default_values = ["actor", "topic"])]
    pub by: Vec<Facet>,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Values of each facet, 0 for all; facets of time always have every period
    #[arg(short = 'n', long, value_name = "N", default_value_t = 15)]
    pub limit: usize,
    /// Only values below this one: person, body, procurement ...
    #[arg(long, value_name = "PREFIX")]
    pub below: Option<String>,
    /// Levels of the hierarchy: 1 for kinds of actor (person, state ...) or main topics; counted from --below
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub levels: usize,
    /// The order of the values
    #[arg(long, value_parser = one_of(FACET_ORDERS), default_value = "count")]
    pub sort: FacetSort,
    /// Count by how much the articles are about each actor (headline, lead, mentions, subject), not by stories
    #[arg(long, conflicts_with_all = ["levels", "sort"])]
    pub weigh: bool,
    /// Let a filter leave the counts of its own facet alone, so that they show the alternatives to it
    #[arg(long)]
    pub all_values: bool,
    /// Count every copy of a story
    #[arg(long)]
    pub all_copies: bool,
}

impl FacetsArgs {
    /// The request to an engine.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value, or weights are asked of what has none.
    pub fn request(&self, asked: &Asked, now: Moment) -> Result<FacetRequest, AskError> {
        if self.weigh && self.by != [Facet::Actor] {
            return Err(AskError::Misused("--weigh is about actors: use it with --by actor".to_owned()));
        }
        Ok(FacetRequest {
            filters: asked.filters.filters(&now)?,
            limit: self.limit,
            below: self.below.clone(),
            levels: self.levels,
            sort: self.sort,
            weigh: self.weigh,
            all_values: self.all_values,
            all_copies: self.all_copies,
            ..FacetRequest::new(&asked.query, self.by.clone(), now)
        })
    }
}

/// A count of articles over time.
#[derive(Debug, Clone, clap::Args)]
pub struct TimelineArgs {
    /// The query; without one, all articles that pass the filters
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Facet to count by
    #[arg(long, value_parser = one_of(LINES), default_value = "actor")]
    pub by: Line,
    /// The length of a period (UTC)
    #[arg(long, value_parser = one_of(PERIODS), default_value = "month")]
    pub per: Facet,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Values to show, the most frequent first, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Only values below this: person, body, procurement ...
    #[arg(long, value_name = "PREFIX")]
    pub below: Option<String>,
    /// Count every copy of a story
    #[arg(long)]
    pub all_copies: bool,
}

impl TimelineArgs {
    /// The request to an engine.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value.
    pub fn request(&self, asked: &Asked, now: Moment) -> Result<TimelineRequest, AskError> {
        Ok(TimelineRequest {
            query: asked.query.clone(),
            filters: asked.filters.filters(&now)?,
            by: self.by,
            per: self.per,
            limit: self.limit,
            below: self.below.clone(),
            all_copies: self.all_copies,
            now,
        })
    }
}

/// A count of actors that appear together.
#[derive(Debug, Clone, clap::Args)]
pub struct PairsArgs {
    /// The query; without one, all articles that pass the filters
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// What must hold besides.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Count who speaks of whom
    #[arg(long)]
    pub spoken: bool,
    /// Count by time too (UTC)
    #[arg(long, value_parser = one_of(PERIODS), value_name = "TIME")]
    pub by: Option<Facet>,
    /// Pairs to print, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Leave out pairs that occur in fewer stories
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub least: u64,
    /// The order of the pairs
    #[arg(long, value_parser = one_of(PAIR_ORDERS), default_value = "count")]
    pub sort: PairSort,
    /// Only actors below this: person, body, company ...; with --actor, the other one
    #[arg(long, value_name = "PREFIX")]
    pub below: Option<String>,
    /// Count every copy of a story
    #[arg(long)]
    pub all_copies: bool,
}

impl PairsArgs {
    /// The request to an engine.
    ///
    /// # Errors
    ///
    /// Fails where a filter takes no such value, or does not apply.
    pub fn request(&self, asked: &Asked, now: Moment) -> Result<PairsRequest, AskError> {
        let mut filters = asked.filters.filters(&now)?;
        let actors = std::mem::take(&mut filters.actor);
        if actors.len() > 2 {
            return Err(AskError::Misused(format!(
                "--actor is given {} times, but a pair has two sides; separate alternatives by commas",
                actors.len()
            )));
        }
        if filters.min_mentions > 1 {
            return Err(AskError::Misused("--min-mentions does not apply to pairs".to_owned()));
        }
        Ok(PairsRequest {
            query: asked.query.clone(),
            filters,
            actors,
            below: self.below.clone(),
            spoken: self.spoken,
            per: self.by,
            least: self.least,
            sort: self.sort,
            limit: self.limit,
            all_copies: self.all_copies,
            now,
        })
    }
}

/// A list of the names that filters take.
#[derive(Debug, Clone, clap::Args)]
pub struct NamesArgs {
    /// What to list
    #[arg(value_parser = one_of(NAMES))]
    pub what: Named,
    /// Only names that contain this text
    pub text: Option<String>,
}

impl NamesArgs {
    /// The request to an engine; its response is then [narrowed](NamesArgs::narrow).
    pub fn request(&self, now: Moment) -> FacetRequest {
        let (facet, levels) = self.what;
        FacetRequest { limit: 0, levels, ..FacetRequest::new("", vec![facet], now) }
    }

    /// Leaves only the names that contain the text.
    pub fn narrow(&self, response: &mut FacetResponse) {
        let wanted = self.text.as_deref().unwrap_or_default().to_lowercase();
        let fits =
            |count: &FacetCount| [&count.value, &count.label].iter().any(|name| name.to_lowercase().contains(&wanted));
        response.counts.values_mut().for_each(|counts| counts.retain(fits));
    }
}
