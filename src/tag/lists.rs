//! Words that are evidence: what follows a name that acts, what stands before a place, what heads an organisation.
//!
//! The words stand in the files of the folder `lists`; a rule that needs a list of its own reads it beside its code.

use crate::wordlist::{WordList, WordTable};

/// What a word tells about its neighbours; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues(u64);

impl Cues {
    /// A finite verb of speech, will or decision.
    pub(super) const ACTS: Self = Self(1);
    /// An auxiliary verb.
    pub(super) const AUXILIARY: Self = Self(1 << 1);
    /// A preposition before a place.
    pub(super) const PLACE_BEFORE: Self = Self(1 << 2);
    /// A preposition before a party to something.
    pub(super) const PARTY_BEFORE: Self = Self(1 << 3);
    /// A verb whose object is somebody.
    pub(super) const ADDRESSES: Self = Self(1 << 4);
    /// A title, rank or role of a person.
    pub(super) const ROLE: Self = Self(1 << 5);
    /// A form of address or a rank, never without a name.
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
    /// A noun that only an actor owns (demands, decision), after a possessive.
    pub(super) const WILL: Self = Self(1 << 14);
    /// A noun that makes a place of the name before it (airport, street, suburbs).
    pub(super) const LOCAL: Self = Self(1 << 15);
    /// A noun for dealings between parties (talks, deadlock).
    pub(super) const DEALING: Self = Self(1 << 16);
    /// A word that tells of the United Kingdom.
    pub(super) const BRITISH: Self = Self(1 << 17);
    /// A word that tells of the United States.
    pub(super) const AMERICAN: Self = Self(1 << 18);
    /// A part of the United States or a city there.
    pub(super) const US_PLACE: Self = Self(1 << 19);
    /// A word before a title that takes the office away (former, deputy).
    pub(super) const NOT_IN_OFFICE: Self = Self(1 << 20);
    /// An adjective that may stand between a country and its office.
    pub(super) const BETWEEN: Self = Self(1 << 21);
    /// The prefix of a ship's name.
    pub(super) const SHIP: Self = Self(1 << 22);
    /// A thing that has a style or a taste, not a nationality.
    pub(super) const STYLE: Self = Self(1 << 23);
    /// An abbreviation in capitals that is no organisation.
    pub(super) const NOT_AN_ORG: Self = Self(1 << 24);
    /// The news agencies and the words of photo credits.
    pub(super) const CREDIT: Self = Self(1 << 25);
    /// What somebody's government is called after its head (administration, cabinet).
    pub(super) const RULE: Self = Self(1 << 26);
    /// A firm, before or after its name.
    pub(super) const FIRM: Self = Self(1 << 27);
    /// The end of a firm's name.
    pub(super) const FIRM_END: Self = Self(1 << 28);
    /// The, a, his, their.
    pub(super) const DETERMINER: Self = Self(1 << 29);
    /// A word that news writes small: as a part of a name it says nothing by itself.
    pub(super) const ORDINARY: Self = Self(1 << 30);
    /// What an organisation is called right before its name (lender, newspaper, watchdog).
    pub(super) const TRADE: Self = Self(1 << 31);
    /// The head of an organisation's name that stands first (Banco, Grupo, Statistics).
    pub(super) const ORG_FRONT: Self = Self(1 << 32);

    /// Whether any bit of `other` is set.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Each list with the cue it stands for; in a table the first column is the word.
///
/// [`Lexicon`](super::lexicon::Lexicon) reads them once into bits of each word, and finds a word as it is written and
/// in American spelling.
pub(super) const LISTS: &[(Cues, &str)] = &[
    (Cues::ACTS, include_str!("lists/verbs_of_will.txt")),
    (Cues::AUXILIARY, include_str!("lists/auxiliary_verbs.txt")),
    (Cues::PLACE_BEFORE, include_str!("lists/words_before_places.txt")),
    (Cues::PARTY_BEFORE, include_str!("lists/words_before_parties.txt")),
    (Cues::ADDRESSES, include_str!("lists/verbs_of_address.txt")),
    (Cues::ROLE, include_str!("lists/roles.txt")),
    (Cues::RANK, include_str!("lists/ranks.txt")),
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
    (Cues::ORDINARY, include_str!("lists/ordinary.txt")),
    (Cues::TRADE, TRADES_TEXT),
    (Cues::ORG_FRONT, include_str!("lists/organisation_fronts.txt")),
    (Cues::DETERMINER, include_str!("lists/determiners.txt")),
];

const TRADES_TEXT: &str = include_str!("lists/trades.txt");

/// What an organisation is called right before its name, and the kind that makes of it.
pub(super) static TRADES: WordTable = WordTable::new(TRADES_TEXT);

/// Words in an organisation's name that tell its kind, with a rank: of several the lowest counts.
pub(super) static KINDS: WordTable = WordTable::new(include_str!("lists/kinds_by_word.txt"));

/// Who works for a firm or what is bought of it, with the prepositions between them and its name.
pub(super) static NOUNS_BEFORE_FIRMS: WordTable = WordTable::new(include_str!("lists/nouns_before_firms.txt"));

/// What is aimed at an actor or comes from one, with the prepositions after which a place means its government.
pub(super) static NOUNS_AIMED_AT_ACTORS: WordTable = WordTable::new(include_str!("lists/nouns_aimed_at_actors.txt"));

/// Adjectives of the first half of a pair (Franco-German) and the state they stand for.
pub(super) static PREFIXES: WordTable = WordTable::new(include_str!("lists/national_prefixes.txt"));

/// Places that are spoken of as institutions: they act unless a preposition makes them a building.
pub(super) static INSTITUTIONS: WordList = WordList::new(include_str!("lists/institutions.txt"));

/// Whether a noun takes this preposition, by a table of nouns and prepositions.
pub(super) fn takes(table: &WordTable, noun: &str, preposition: &str) -> bool {
    table.get(noun).is_some_and(|all| all.split(' ').any(|own| own == preposition))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{Authority, Kind};

    /// The rows whose columns after the key mean nothing.
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
