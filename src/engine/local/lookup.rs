//! The postings of a query's leaves, looked up in the dictionaries of all segments, and their weights.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use tantivy::SegmentReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as IndexField, IndexRecordOption};

use super::collection::Collection;
use super::doc_set::DocSet;
use super::fuzzy::Near;
use crate::analysis::Analyzer;
use crate::engine::error::EngineError;
use crate::engine::statistics::Statistics;
use crate::fence;
use crate::index::Fields;
use crate::query::Part;
use crate::query::pattern::{Alternative, Pattern, Slot};

/// Words of a segment for which one pattern stands, at most; of more the most frequent are searched.
const MOST_WORDS: usize = 20_000;

/// A place where an alternative's postings are.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) form: bool,
    pub(super) info: TermInfo,
}

impl Source {
    pub(super) fn field(&self, fields: Fields) -> IndexField {
        if self.form { fields.form } else { fields.text }
    }
}

/// Articles that any of some postings has; those that several have count for each.
pub(super) fn frequency(slot: &[Source]) -> u64 {
    slot.iter().map(|source| u64::from(source.info.doc_freq)).sum()
}

/// A leaf in every segment, with its weight in the score.
#[derive(Debug, Clone)]
pub(super) struct LeafPostings {
    /// For each segment, for each slot, the postings to join.
    pub(super) sources: Vec<Vec<Vec<Source>>>,
    /// For each segment, the postings in the field of titles, for a single word: of terms, or of words as written.
    pub(super) titles: Vec<Vec<TermInfo>>,
    /// For phrases of words as written, whose positions are not indexed: the terms that must stand there.
    pub(super) loose: Option<(Pattern, Box<LeafPostings>)>,
    /// Rarity times the weight in the query.
    pub(super) weight: f32,
    /// Rarity alone, for passages.
    pub(super) idf: f32,
    pub(super) title_weight: f32,
    /// Whether it stands for more words than are searched.
    pub(super) is_cut: bool,
}

impl LeafPostings {
    /// From now on a match in the title adds nothing.
    pub(super) fn leave_out_title(&mut self) {
        self.title_weight = 0.0;
    }

    /// The postings of a leaf of one term in a segment.
    pub(super) fn infos(&self, segment: usize) -> impl Iterator<Item = &TermInfo> {
        self.sources[segment].iter().flatten().filter(|source| !source.form).map(|source| &source.info)
    }
}

impl Collection<'_> {
    /// The postings of a pattern, with its weight in the query.
    pub(super) fn look_up(&self, pattern: &Pattern, weight: f32) -> Result<LeafPostings, EngineError> {
        let mut sources = Vec::new();
        let mut titles = Vec::new();
        let mut found = vec![0u64; pattern.slots.len()];
        let mut words = vec![BTreeSet::new(); pattern.slots.len()];
        let mut is_cut = false;
        for segment in self.segments() {
            let mut slots = Vec::with_capacity(pattern.slots.len());
            for ((slot, found), words) in pattern.slots.iter().zip(&mut found).zip(&mut words) {
                let mut list = Vec::new();
                for alternative in &slot.any {
                    let before = list.len();
                    is_cut |= self.alternative(segment, pattern.part, alternative, &mut list, words)?;
                    *found += match alternative {
                        Alternative::Term(_) | Alternative::Form(_) => frequency(&list[before..]),
                        _ => self.distinct(segment, pattern.part, &list[before..])?,
                    };
                }
                slots.push(list);
            }
            sources.push(slots);
            titles.push(self.titles(segment, pattern, &words)?);
        }
        let idf: f32 = found.iter().map(|found| self.idf(*found)).sum();
        let loose = if pattern.part == Part::Byline { None } else { loosen(pattern, &words) };
        let loose = match loose {
            Some(loose) => Some((loose.clone(), Box::new(self.look_up(&loose, 0.0)?))),
            None => None,
        };
        Ok(LeafPostings {
            sources,
            titles,
            loose,
            weight: idf * weight,
            idf,
            title_weight: self.ranking.title_weight * idf * weight,
            is_cut,
        })
    }

    /// Articles of a segment that any of some postings has: the words for which a pattern stands are many, and an article has
    /// several of them.
    fn distinct(&self, segment: &SegmentReader, part: Part, sources: &[Source]) -> Result<u64, EngineError> {
        if let [] | [_] = sources {
            return Ok(frequency(sources));
        }
        let mut found = DocSet::empty(segment.max_doc());
        for source in sources {
            fence::check();
            let field = if source.form { self.fields.form } else { self.text_field(part) };
            let index = segment.inverted_index(field)?;
            let mut block = index.read_block_postings_from_terminfo(&source.info, IndexRecordOption::Basic)?;
            while !block.docs().is_empty() {
                found.extend(block.docs());
                block.advance();
            }
        }
        Ok(found.count())
    }

    /// The postings of a single word in titles.
    fn titles(
        &self,
        segment: &SegmentReader,
        pattern: &Pattern,
        words: &[BTreeSet<Key>],
    ) -> Result<Vec<TermInfo>, EngineError> {
        let ([slot], Part::Any | Part::Title | Part::Body) = (pattern.slots.as_slice(), pattern.part) else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        if slot.is_written() {
            if pattern.part != Part::Any {
                let titles = segment.inverted_index(self.fields.title_form)?;
                for key in words.iter().flatten() {
                    out.extend(titles.terms().get(key)?);
                }
            }
        } else if pattern.part != Part::Body {
            let titles = segment.inverted_index(self.fields.title)?;
            for alternative in &slot.any {
                if let Alternative::Term(term) = alternative {
                    out.extend(titles.terms().get(term.as_bytes())?);
                }
            }
        }
        Ok(out)
    }

    /// The postings of an alternative in a segment; `keys` takes those of words as written. Whether it stands for more
    /// words than are given.
    fn alternative(
        &self,
        segment: &SegmentReader,
        part: Part,
        alternative: &Alternative,
        out: &mut Vec<Source>,
        keys: &mut BTreeSet<Key>,
    ) -> Result<bool, EngineError> {
        let home = segment.inverted_index(self.text_field(part))?;
        if let Alternative::Term(term) = alternative {
            out.extend(home.terms().get(term.as_bytes())?.map(|info| Source { form: false, info }));
            return Ok(false);
        }
        let forms = if part == Part::Byline { home } else { segment.inverted_index(self.fields.form)? };
        let form = part != Part::Byline;
        if let Alternative::Form(form_key) = alternative {
            let key = if form { form_key.as_str() } else { form_key.split('\0').next().unwrap_or_default() };
            out.extend(forms.terms().get(key.as_bytes())?.map(|info| Source { form, info }));
            keys.insert(key.as_bytes().to_owned());
            return Ok(false);
        }
        let mut found = Vec::new();
        let mut take = |key: &[u8], info: &TermInfo| {
            fence::check();
            if folded_of(key).is_some_and(|folded| alternative.accepts(folded)) {
                found.push((key.to_owned(), info.clone()));
            }
        };
        if let Alternative::Fuzzy(word, distance) = alternative {
            let mut stream = forms.terms().search(Near::new(word, *distance)).into_stream()?;
            while let Some((key, info)) = stream.next() {
                take(key, info);
            }
        } else {
            let prefix = match alternative {
                Alternative::Glob(glob) => glob.prefix(),
                _ => "",
            };
            let mut stream = forms.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while let Some((key, info)) = stream.next() {
                if !key.starts_with(prefix.as_bytes()) {
                    break;
                }
                take(key, info);
            }
        }
        let is_cut = keep_frequent(&mut found, MOST_WORDS);
        for (key, info) in found {
            out.push(Source { form, info });
            keys.insert(key);
        }
        Ok(is_cut)
    }

    /// For a folded word that no article has, the nearest word of the index: at most two letters off, among equally near ones
    /// the most frequent.
    pub(super) fn nearest_word(&self, sought: &str) -> Result<Option<String>, EngineError> {
        // Words two letters off take longer to find, so they are looked for only where none is nearer.
        match self.near(sought, 1)? {
            Some(word) => Ok(Some(word)),
            None => self.near(sought, 2),
        }
    }

    /// The most frequent word of the index within `distance` letters of another.
    fn near(&self, sought: &str, distance: u8) -> Result<Option<String>, EngineError> {
        let mut found: HashMap<String, u32> = HashMap::new();
        for segment in self.segments() {
            let index = segment.inverted_index(self.fields.form)?;
            let mut stream = index.terms().search(Near::new(sought, distance)).into_stream()?;
            while let Some((key, info)) = stream.next() {
                fence::check();
                if let Some(word) = folded_of(key).filter(|word| *word != sought) {
                    *found.entry(word.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        Ok(found.into_iter().min_by_key(|(word, count)| (Reverse(*count), word.clone())).map(|(word, _)| word))
    }
}

/// A key of the field of words as written.
type Key = Vec<u8>;

/// Keeps as many of the words as `most`, those in the most articles; whether others went.
fn keep_frequent(found: &mut Vec<(Key, TermInfo)>, most: usize) -> bool {
    if found.len() <= most {
        return false;
    }
    found.select_nth_unstable_by(most, |one, other| (other.1.doc_freq, &one.0).cmp(&(one.1.doc_freq, &other.0)));
    found.truncate(most);
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    true
}

/// The folded word of a key.
fn folded_of(key: &[u8]) -> Option<&str> {
    key.split(|byte| *byte == 0).next().and_then(|folded| std::str::from_utf8(folded).ok())
}

/// For a row of slots with words as written among them: the same row with all terms that these words can give.
fn loosen(pattern: &Pattern, keys: &[BTreeSet<Key>]) -> Option<Pattern> {
    if pattern.slots.len() < 2 || !pattern.slots.iter().any(Slot::is_written) {
        return None;
    }
    let mut analyzer = Analyzer::new();
    let mut loose = pattern.clone();
    for (slot, keys) in loose.slots.iter_mut().zip(keys) {
        if slot.is_written() {
            let mut terms = BTreeSet::new();
            keys.iter().filter_map(|key| folded_of(key)).for_each(|folded| terms.extend(analyzer.all_terms(folded)));
            slot.any = terms.into_iter().map(Alternative::Term).collect();
        }
    }
    Some(loose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_words_the_most_frequent_are_kept_in_their_order() {
        let word = |(key, doc_freq): &(&str, u32)| {
            (key.as_bytes().to_owned(), TermInfo { doc_freq: *doc_freq, postings_range: 0..0, positions_range: 0..0 })
        };
        let kept = |most: usize| {
            let mut found: Vec<_> = [("art", 2), ("arm", 9), ("ark", 2), ("arc", 5)].iter().map(word).collect();
            let is_cut = keep_frequent(&mut found, most);
            let keys = found.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect::<Vec<_>>();
            (keys.join(" "), is_cut)
        };
        assert_eq!(kept(2), ("arc arm".to_owned(), true));
        assert_eq!(kept(3), ("arc ark arm".to_owned(), true), "among equals the first by their letters");
        assert_eq!(kept(4), ("art arm ark arc".to_owned(), false));
    }
}
