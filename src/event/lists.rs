//! What is known of single words: the verbs of events, and which words may stand where.

use super::Class;
use crate::wordlist::WordTable;

static VERBS: WordTable = WordTable::new(include_str!("lists/verbs.txt"));
static WORDS: WordTable = WordTable::new(include_str!("lists/words.txt"));

/// A form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) class: Class,
    /// It tells of the present, as headlines do of what has happened.
    pub(super) present: bool,
    /// It is an event only behind `is` or `are`: `is donating`.
    pub(super) progressive: bool,
    /// What must stand before the system for it to be an event: `signed a contract for`, `carried out a test of`.
    pub(super) by: Option<Role>,
    /// A firm is given the contract.
    pub(super) awards: bool,
}

impl Verb {
    /// Whether it tells of a contract, which the seller signs too.
    pub(super) fn by_contract(self) -> bool {
        self.by == Some(Role::Contract)
    }
}

/// The verb that a folded word, or two, are a form of.
pub(super) fn verb(form: &str) -> Option<Verb> {
    let mut columns = VERBS.get(form)?.split('\t');
    let class = columns.next()?.parse().ok()?;
    let marks = columns.next().unwrap_or_default();
    let by = [("contract", Role::Contract), ("trial", Role::Trial)].into_iter().find(|(name, _)| marks.contains(name));
    Some(Verb {
        class,
        present: marks.contains("present"),
        progressive: marks.contains("progressive"),
        by: by.map(|(_, role)| role),
        awards: marks.contains("award"),
    })
}

/// Where a word may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Before an actor at the beginning of a clause.
    Opens,
    /// Behind a state, as a part of it: `army`.
    Own,
    /// Between actor and verb.
    Between,
    /// Between verb and system.
    Inside,
    /// A contract, between verb and system.
    Contract,
    /// A test, between verb and system.
    Trial,
    /// A sale or purchase, which is approved or cancelled.
    Deal,
    /// Behind `to`, what a firm does under a contract that it is awarded.
    Made,
    /// Behind a system, as another word for it: `jets`.
    Unit,
    /// Behind a system, where its noun phrase has ended.
    After,
    /// Makes the sentence no report of something that happened.
    Unreal,
    /// Forms of `be` and `have` before a participle.
    Passive,
}

/// Whether a folded word may stand there.
pub(super) fn may(word: &str, role: Role) -> bool {
    let name = match role {
        Role::Opens => "opens",
        Role::Own => "own",
        Role::Between => "between",
        Role::Inside => "inside",
        Role::Contract => "contract",
        Role::Trial => "trial",
        Role::Deal => "deal",
        Role::Made => "made",
        Role::Unit => "unit",
        Role::After => "after",
        Role::Unreal => "unreal",
        Role::Passive => "passive",
    };
    WORDS.get(word).is_some_and(|roles| roles.split(' ').any(|one| one == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wordlist::entries;

    #[test]
    fn the_lists_can_be_read_and_are_sorted() {
        for list in [include_str!("lists/verbs.txt"), include_str!("lists/words.txt")] {
            let all: Vec<&str> = entries(list).collect();
            assert!(all.is_sorted() && all.iter().all(|line| line.contains('\t')), "{all:?}");
        }
        assert!(VERBS.rows().all(|(form, _)| verb(form).is_some()));
        let known = "opens own between inside contract trial deal made unit after unreal passive";
        for (word, roles) in WORDS.rows() {
            assert!(roles.split(' ').all(|role| known.split(' ').any(|one| one == role)), "{word}: {roles}");
        }
    }
}
