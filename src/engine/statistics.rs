//! What ranking asks of a collection, whatever index holds it.

use super::error::EngineError;

/// The statistics of a collection of articles.
pub(super) trait Statistics {
    /// Articles, those that were removed but are still in the index included.
    fn articles(&self) -> f32;

    /// Articles that contain a term.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    fn frequency(&self, term: &str) -> Result<u64, EngineError>;

    /// As [`Statistics::frequency`], of several terms; an index elsewhere is asked once for all.
    ///
    /// # Errors
    ///
    /// As [`Statistics::frequency`].
    fn frequencies(&self, terms: &[&str]) -> Result<Vec<u64>, EngineError> {
        terms.iter().map(|term| self.frequency(term)).collect()
    }

    /// BM25's inverse document frequency of something that this many articles contain.
    fn idf(&self, found: u64) -> f32 {
        let articles = self.articles();
        let found = (found as f32).min(articles);
        (1.0 + (articles - found + 0.5) / (found + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ten;

    impl Statistics for Ten {
        fn articles(&self) -> f32 {
            10.0
        }

        fn frequency(&self, _: &str) -> Result<u64, EngineError> {
            Ok(0)
        }
    }

    #[test]
    fn rare_is_worth_more_and_what_all_have_almost_nothing() {
        assert_eq!(Ten.idf(2), (1.0f32 + 8.5 / 2.5).ln());
        assert_eq!(Ten.idf(10), (1.0f32 + 0.5 / 10.5).ln());
        assert_eq!(Ten.idf(12), Ten.idf(10), "copies that several postings count are no more than all");
    }
}
