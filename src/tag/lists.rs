//! Words that are evidence: verbs of those who act, prepositions before places, heads of organisations' names.
//!
//! The words are kept in the files of the folder `lists`. Lists that only one module needs are loaded in that module.

use crate::wordlist::{WordList, WordTable, entries};

/// The lists on which a word stands, which are evidence about the word and its neighbours; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues(u64);

impl Cues {
    /// A finite verb of speech, will or decision.
    pub(super) const ACTS: Self = Self(1);
    /// An auxiliary verb.
    pub(super) const AUXILIARY: Self = Self(1 << 1);
    /// A preposition or verb of travel, after which a name is a place.
    pub(super) const PLACE_BEFORE: Self = Self(1 << 2);
    /// A preposition after which a name takes part in something (talks between, vetoed by).
    pub(super) const PARTY_BEFORE: Self = Self(1 << 3);
    /// A verb whose object is somebody.
    pub(super) const ADDRESSES: Self = Self(1 << 4);
    /// A title, rank or role of a person.
    pub(super) const ROLE: Self = Self(1 << 5);
    /// A form of address or a rank, which never stands without a name.
    pub(super) const RANK: Self = Self(1 << 6);
    /// A given name.
    pub(super) const FIRST_NAME: Self = Self(1 << 7);
    /// The head of an organisation's name.
    pub(super) const ORG_HEAD: Self = Self(1 << 8);
    /// The head of a place's name.
    pub(super) const PLACE_HEAD: Self = Self(1 << 9);
    /// The head of the name of an event, a document or a thing.
    pub(super) const OTHER_HEAD: Self = Self(1 << 10);
    /// A word that opens sentences and belongs to no name.
    pub(super) const COMMON: Self = Self(1 << 11);
    /// A day or month.
    pub(super) const CALENDAR: Self = Self(1 << 12);
    /// A particle within a person's name.
    pub(super) const PARTICLE: Self = Self(1 << 13);
    /// A noun that after a possessive makes its owner an actor (demands, decision), or an adjective before it.
    pub(super) const WILL: Self = Self(1 << 14);
    /// A noun that makes a place of the name before it (airport, street, suburbs).
    pub(super) const LOCAL: Self = Self(1 << 15);
    /// A noun for dealings between parties (talks, deadlock).
    pub(super) const DEALING: Self = Self(1 << 16);
    /// A word that, with a capital, is evidence that the article is about the United Kingdom.
    pub(super) const BRITISH: Self = Self(1 << 17);
    /// A word that, with a capital, is evidence that the article is about the United States.
    pub(super) const AMERICAN: Self = Self(1 << 18);
    /// A state of the United States, or a town or base in Georgia.
    pub(super) const US_PLACE: Self = Self(1 << 19);
    /// A word before a title that makes it mean somebody other than the holder of the day (former, deputy).
    pub(super) const NOT_IN_OFFICE: Self = Self(1 << 20);
    /// An adjective that may stand between a country and its office.
    pub(super) const BETWEEN: Self = Self(1 << 21);
    /// The prefix of a ship's name.
    pub(super) const SHIP: Self = Self(1 << 22);
    /// A thing with a style or a taste: a demonym before it is no nationality (a Georgian terrace).
    pub(super) const STYLE: Self = Self(1 << 23);
    /// An abbreviation in capitals that is no organisation.
    pub(super) const NOT_AN_ORG: Self = Self(1 << 24);
    /// The news agencies and the words of photo credits.
    pub(super) const CREDIT: Self = Self(1 << 25);
    /// A noun for a government or circle, after the surname of its head (the Macron administration, Trump aides).
    pub(super) const RULE: Self = Self(1 << 26);
    /// What a firm is called or has, right before or after its name (shipbuilder, shares).
    pub(super) const FIRM: Self = Self(1 << 27);
    /// The end of a firm's name.
    pub(super) const FIRM_END: Self = Self(1 << 28);
    /// An article, a possessive pronoun or the like (the, a, his, their).
    pub(super) const DETERMINER: Self = Self(1 << 29);
    /// A word that news mostly writes in lower case: alone it is no evidence of a name.
    pub(super) const ORDINARY: Self = Self(1 << 30);
    /// A noun for an organisation, right before its name (lender, newspaper, watchdog).
    pub(super) const TRADE: Self = Self(1 << 31);
    /// The head of an organisation's name where it is the first word (Banco, Grupo, Statistics).
    pub(super) const ORG_FRONT: Self = Self(1 << 32);
    /// A word that stands in many names and says nothing about which is meant.
    pub(super) const EMPTY: Self = Self(1 << 33);
    /// A small word that stands within names.
    pub(super) const JOINT: Self = Self(1 << 34);

    /// Whether any bit of `other` is set.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as bits, one for each list.
    pub(super) fn bits(self) -> u64 {
        self.0
    }

    /// The set without the bits of `other`.
    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The union of both sets.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Each list with the cue that it gives to its words; in a table the first column is the word.
///
/// [`Lexicon`](super::lexicon::Lexicon) reads the lists once and unites the cues of each word. It looks up a word of an
/// article both as written and in American spelling.
pub(super) const LISTS: &[(Cues, &str)] = &[
    (Cues::ACTS, ACTS_TEXT),
    (Cues::AUXILIARY, AUXILIARY_TEXT),
    (Cues::PLACE_BEFORE, include_str!("lists/words_before_places.txt")),
    (Cues::PARTY_BEFORE, include_str!("lists/words_before_parties.txt")),
    (Cues::ADDRESSES, include_str!("lists/verbs_of_address.txt")),
    (Cues::ROLE, ROLES_TEXT),
    (Cues::RANK, RANKS_TEXT),
    (Cues::FIRST_NAME, include_str!("lists/first_names.txt")),
    (Cues::ORG_HEAD, include_str!("lists/organisation_heads.txt")),
    (Cues::PLACE_HEAD, include_str!("lists/place_heads.txt")),
    (Cues::OTHER_HEAD, include_str!("lists/thing_heads.txt")),
    (Cues::COMMON, include_str!("lists/sentence_openers.txt")),
    (Cues::CALENDAR, include_str!("lists/days_and_months.txt")),
    (Cues::PARTICLE, include_str!("lists/name_particles.txt")),
    (Cues::WILL, include_str!("lists/nouns_of_will.txt")),
    (Cues::LOCAL, include_str!("lists/local_nouns.txt")),
    (Cues::DEALING, include_str!("lists/nouns_of_dealing.txt")),
    (Cues::BRITISH, include_str!("lists/british_words.txt")),
    (Cues::AMERICAN, include_str!("lists/american_words.txt")),
    (Cues::US_PLACE, include_str!("lists/american_places.txt")),
    (Cues::NOT_IN_OFFICE, include_str!("lists/not_in_office.txt")),
    (Cues::BETWEEN, include_str!("lists/words_before_titles.txt")),
    (Cues::SHIP, include_str!("lists/ship_words.txt")),
    (Cues::STYLE, include_str!("lists/things_of_style.txt")),
    (Cues::NOT_AN_ORG, include_str!("lists/abbreviations_of_things.txt")),
    (Cues::CREDIT, include_str!("lists/photo_credits.txt")),
    (Cues::RULE, include_str!("lists/nouns_of_rule.txt")),
    (Cues::FIRM, include_str!("lists/words_beside_firms.txt")),
    (Cues::FIRM_END, include_str!("lists/firm_endings.txt")),
    (Cues::ORDINARY, ORDINARY_TEXT),
    (Cues::TRADE, TRADES_TEXT),
    (Cues::ORG_FRONT, include_str!("lists/organisation_fronts.txt")),
    (Cues::DETERMINER, include_str!("lists/determiners.txt")),
    (Cues::EMPTY, include_str!("lists/empty_words.txt")),
    (Cues::JOINT, include_str!("lists/joints_in_names.txt")),
];

const ACTS_TEXT: &str = include_str!("lists/verbs_of_will.txt");
const AUXILIARY_TEXT: &str = include_str!("lists/auxiliary_verbs.txt");
const ROLES_TEXT: &str = include_str!("lists/roles.txt");
const ORDINARY_TEXT: &str = include_str!("lists/ordinary.txt");
const RANKS_TEXT: &str = include_str!("lists/ranks.txt");
const TRADES_TEXT: &str = include_str!("lists/trades.txt");

/// Nouns for an organisation right before its name, each with the kind of the organisation.
pub(super) static TRADES: WordTable = WordTable::new(TRADES_TEXT);

/// Words in an organisation's name that show its kind, each with a rank; the word of the lowest rank decides.
pub(super) static KINDS: WordTable = WordTable::new(include_str!("lists/kinds_by_word.txt"));

/// Nouns for people who work for a firm and for things bought of it, with the prepositions that lead to its name.
pub(super) static NOUNS_BEFORE_FIRMS: WordTable = WordTable::new(include_str!("lists/nouns_before_firms.txt"));

/// Nouns for what is aimed at an actor or comes from one, with the prepositions after which a place means its
/// government (pressure on Moscow).
pub(super) static NOUNS_AIMED_AT_ACTORS: WordTable = WordTable::new(include_str!("lists/nouns_aimed_at_actors.txt"));

/// First halves of paired adjectives (Franco-German), each with its state.
pub(super) static PREFIXES: WordTable = WordTable::new(include_str!("lists/national_prefixes.txt"));

/// Places whose names mean institutions (the Kremlin): they act unless a preposition makes them a building.
pub(super) static INSTITUTIONS: WordList = WordList::new(include_str!("lists/institutions.txt"));

/// Given names that only women bear, and only men.
pub(super) static WOMEN: WordList = WordList::new(include_str!("lists/names_of_women.txt"));
pub(super) static MEN: WordList = WordList::new(include_str!("lists/names_of_men.txt"));

/// Whether a folded word is a given name that only women bear.
pub(crate) fn is_womans_name(folded: &str) -> bool {
    WOMEN.has(folded)
}

/// Whether a folded word is a given name that only men bear.
pub(crate) fn is_mans_name(folded: &str) -> bool {
    MEN.has(folded)
}

/// Whether the table lists this preposition for a noun.
pub(super) fn takes(table: &WordTable, noun: &str, preposition: &str) -> bool {
    table.get(noun).is_some_and(|all| all.split(' ').any(|own| own == preposition))
}

/// Finite verbs: of speech, will or decision, auxiliary, and irregular past forms.
pub(crate) fn finite_verbs() -> impl Iterator<Item = &'static str> {
    let past = super::metonym::IRREGULAR_PAST_FORMS.iter();
    entries(ACTS_TEXT).chain(entries(AUXILIARY_TEXT)).chain(past)
}

/// Whether a folded word is one that news mostly writes in lower case.
pub(crate) fn is_ordinary(folded: &str) -> bool {
    static ORDINARY: WordList = WordList::new(ORDINARY_TEXT);
    ORDINARY.has(folded)
}

/// Titles, ranks and roles of persons.
pub(crate) fn roles() -> impl Iterator<Item = &'static str> {
    entries(ROLES_TEXT).chain(entries(RANKS_TEXT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{Authority, Kind};

    /// The rows whose columns after the key are not valid.
    fn unknown(table: &WordTable, means: impl Fn(&str) -> bool) -> Vec<String> {
        table.rows().filter(|(_, rest)| !means(rest)).map(|(key, rest)| format!("{key}: {rest}")).collect()
    }

    #[test]
    fn every_column_of_a_table_means_something() {
        let kind = |name: &str| Kind::of_id(name).is_some();
        let ranked =
            |rest: &str| rest.split_once('\t').is_some_and(|(rank, name)| rank.parse::<u8>().is_ok() && kind(name));
        let tied = |all: &str| all.split(' ').all(|own| ["at", "of", "in", "for", "on", "to", "from"].contains(&own));
        let state = |id: &str| Kind::of_id(id) == Some(Kind::State) && Authority::bundled().heading(id).is_some();
        assert_eq!(unknown(&TRADES, kind), [""; 0]);
        assert_eq!(unknown(&KINDS, ranked), [""; 0]);
        assert_eq!(unknown(&NOUNS_BEFORE_FIRMS, tied), [""; 0]);
        assert_eq!(unknown(&NOUNS_AIMED_AT_ACTORS, tied), [""; 0]);
        assert_eq!(unknown(&PREFIXES, state), [""; 0]);
    }
}
