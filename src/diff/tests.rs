use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::tokens::{Forms, tokens};
use super::*;

/// What stayed of the old text with what was added of the new one.
fn rebuilt(diff: &Diff, old: &str, new: &str) -> String {
    let piece = |op: &Edit| match op.op {
        Op::Equal => old[op.old.clone()].to_owned(),
        Op::Delete => String::new(),
        Op::Insert => new[op.new.clone()].to_owned(),
    };
    diff.ops.iter().map(piece).collect()
}

fn forms(texts: [&str; 2]) -> [Vec<u32>; 2] {
    let mut forms = Forms::default();
    texts.map(|text| tokens(text, &mut forms).iter().map(|token| token.form).collect())
}

fn tiles(diff: &Diff, old: &str, new: &str) {
    let (mut i, mut j) = (0, 0);
    for op in &diff.ops {
        assert_eq!((op.old.start, op.new.start), (i, j), "{diff:?}");
        assert!(op.op == Op::Equal || op.old.is_empty() != op.new.is_empty(), "{diff:?}");
        (i, j) = (op.old.end, op.new.end);
        let (Some(_), Some(_)) = (old.get(op.old.clone()), new.get(op.new.clone())) else { panic!("{diff:?}") };
    }
    assert_eq!((i, j), (old.len(), new.len()));
}

/// Words, numbers and signs as in news, and the spaces between them.
const PARTS: [&str; 24] = [
    "Alda",
    "Borduria",
    "ferries",
    "ferry",
    "the",
    "12",
    "14",
    "1,200",
    "not",
    "ordered",
    "said",
    "and",
    ".",
    ",",
    "“No,”",
    "\"No,\"",
    "–",
    "-",
    "minister’s",
    "\n\n",
    "million",
    "of",
    "%",
    "Dr. Bell",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..40).prop_map(|parts| parts.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_new_text_is_rebuilt_from_the_old_one(old in text(), new in text(), shared in text(), at in any::<prop::sample::Index>()) {
        for (old, new) in [(old.clone(), new.clone()), (format!("{shared} {old} {shared}"), format!("{shared} {new} {shared}"))] {
            let diff = diff(&old, &new);
            tiles(&diff, &old, &new);
            let built = rebuilt(&diff, &old, &new);
            let [built_forms, new_forms] = forms([&built, &new]);
            prop_assert_eq!(built_forms, new_forms, "{:?} from {:?} gives {:?}", new, old, built);
            let cut: Vec<Excerpt<'_>> = excerpts(&diff, &old, &new);
            prop_assert_eq!(cut.is_empty(), diff.is_same());
            let shown: usize = cut.iter().flat_map(|one| &one.segments).filter(|one| one.op != Op::Equal).count();
            prop_assert_eq!(shown, diff.ops.iter().filter(|op| op.op != Op::Equal).count());
        }
        let head = &old[..old.floor_char_boundary(at.index(old.len() + 1))];
        tiles(&diff(&old, head), &old, head);
    }

    #[test]
    fn any_two_texts_are_compared(old in "\\PC{0,60}", new in "(\\PC|\n){0,60}") {
        tiles(&diff(&old, &new), &old, &new);
        prop_assert!(diff(&old, &old).is_same());
    }
}

fn article(text: &str) -> Article {
    Article { title: "Alda orders ferries".to_owned(), text: text.to_owned(), ..Article::default() }
}

fn change(old: &str, new: &str) -> Change {
    Change::between(&article(old), &article(new))
}

const STORY: &str = "The defence ministry of Alda has ordered 12 ferries from the yard at Port Lorn, the minister said on \
    Tuesday. She did not name a price. Officials killed the older plan in May.";

#[test]
fn a_number_a_name_a_negation_another_word_or_three_words_make_an_edit() {
    for (from, to) in [
        ("12", "14"),
        ("12", "twelve"),
        ("Port Lorn", "Port Bell"),
        ("did not name", "did name"),
        ("killed", "praised"),
        ("on Tuesday", "on Monday"),
        ("older plan", "older plan for the northern islands"),
        ("has ordered", "denied that it has ordered"),
        ("Officials killed the older plan in May.", ""),
        ("ferries", "ferries at €4 each"),
    ] {
        let change = change(STORY, &STORY.replace(from, to));
        assert!(!change.small && change.silent && change.kinds.contains(&Kind::Text), "{from} → {to}: {change:?}");
    }
}

#[test]
fn misprints_spelling_signs_and_a_word_of_style_are_small() {
    for (from, to) in [
        ("minister", "minsiter"),
        ("defence", "defense"),
        ("ministry of", "Ministry of"),
        ("has ordered", "ordered"),
        ("Lorn, the", "Lorn; the"),
        ("the older", "an older"),
        ("ferries from", "ferry from"),
    ] {
        let change = change(STORY, &STORY.replace(from, to));
        assert!(change.small && change.kinds.contains(&Kind::Text), "{from} → {to}: {change:?}");
    }
}

#[test]
fn what_is_levelled_out_is_no_change_of_the_text() {
    for other in [
        STORY.replace(' ', "  "),
        format!("Updated 5 minutes ago\n\n{STORY}"),
        format!("{STORY}\n\nRead more: Borduria sells its aircraft to Syldavia"),
        format!("{STORY}\n\nRelated stories\n\nBorduria sells aircraft\n\nPort Lorn votes"),
    ] {
        assert!(!change(STORY, &other).kinds.contains(&Kind::Text), "{other}");
    }
    assert!(change(STORY, STORY).kinds.is_empty());
}

#[test]
fn notes_dates_and_words_of_agencies_are_told() {
    let noted = change(STORY, &format!("{}\n\nCorrection: an earlier version said 12.", STORY.replace("12", "14")));
    assert!(noted.correction && !noted.silent && !noted.small);
    let old = article(STORY);
    let dated = Article { modified: "2026-03-02T09:00:00Z".parse().ok(), ..article(&STORY.replace("12", "14")) };
    assert!(!Change::between(&old, &dated).silent && !Change::between(&old, &dated).small);
    let again = Article { text: STORY.replace("12", "16"), ..dated.clone() };
    assert!(Change::between(&dated, &again).silent, "the date is the same");
    let back = Article { title: "WITHDRAWN: Alda orders ferries".to_owned(), ..old.clone() };
    let change = Change::between(&old, &back);
    assert!(change.withdrawn && !change.small && change.kinds == [Kind::Headline].into());
}

#[test]
fn a_summary_that_becomes_a_text_is_no_edit() {
    let summary = Article { summary_only: true, ..article("Alda ordered ferries.") };
    let change = Change::between(&summary, &article(STORY));
    assert!(change.kinds.contains(&Kind::Full) && change.small && !change.silent);
    let keyed = Article { keywords: vec!["navy".to_owned()], ..article(STORY) };
    assert_eq!(Change::between(&article(STORY), &keyed).kinds, [Kind::Details].into());
}

#[test]
fn offsets_slice_to_the_words_that_were_exchanged() {
    let new = STORY.replace("12", "14").replace("in May", "in June");
    let diff = diff(STORY, &new);
    let cut: Vec<&str> = diff.ops.iter().filter(|op| op.op == Op::Delete).map(|op| &STORY[op.old.clone()]).collect();
    let added: Vec<&str> = diff.ops.iter().filter(|op| op.op == Op::Insert).map(|op| &new[op.new.clone()]).collect();
    assert_eq!((cut, added), (vec!["12", "May"], vec!["14", "June"]));
    assert_eq!((diff.words_cut, diff.words_added), (2, 2));
    let excerpts = excerpts(&diff, STORY, &new);
    assert_eq!(excerpts.len(), 2);
    assert_eq!(excerpts[1].segments[0].text, "Officials killed the older plan in ");
}

#[test]
fn sentences_that_share_a_word_or_two_are_shown_as_replaced() {
    let new = STORY.replace("She did not name a price.", "Parliament is to vote on a budget for the fleet in June.");
    let diff = diff(STORY, &new);
    assert_eq!(diff.ops.iter().filter(|op| op.op != Op::Equal).count(), 2, "{:?}", diff.ops);
}

#[test]
fn a_large_text_that_is_wholly_other_takes_a_moment() {
    let long = |seed: usize| -> String { (0..170_000).map(|n| format!("w{} ", (n * 7919 + seed) % 65_537)).collect() };
    let (old, new) = (long(1), long(40_000));
    let began = Instant::now();
    tiles(&diff(&old, &new), &old, &new);
    for (old, new) in [
        (format!("Related\n{}", "-\n".repeat(300_000)), "-\n".repeat(300_000)),
        ("Updated 5 minutes ago, it said. ".repeat(30_000), "It said so. ".repeat(60_000)),
        ((0..60_000).map(|n| format!("A {n}. ")).collect(), (0..60_000).map(|n| format!("B {n}. ")).collect()),
    ] {
        let diff = diff(&old, &new);
        tiles(&diff, &old, &new);
        let shown: usize = excerpts(&diff, &old, &new).iter().map(|one| one.segments.len()).sum();
        assert!(shown <= 8 * diff.ops.len());
    }
    // Nothing that grows with the square of the length comes near this.
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn a_text_that_was_cut_short_keeps_little_of_the_old_one() {
    assert!(kept_share(STORY, STORY) > 0.99);
    assert!(kept_share(STORY, &STORY[..40]) < 0.3);
    assert!(kept_share(&STORY[..80], STORY) > 0.7);
    assert!(kept_share(STORY, "Please accept all cookies to read this story on our page") < 0.01);
}

#[test]
fn what_is_added_at_the_end_cuts_nothing() {
    let old = format!("{STORY}\n\nUpdated 5 minutes ago\n");
    let new = format!("{STORY} Parliament votes in June.\n\nUpdated 9 minutes ago\n");
    let diff = diff(&old, &new);
    assert_eq!(diff.ops.iter().map(|op| op.op).collect::<Vec<_>>(), [Op::Equal, Op::Insert, Op::Equal]);
    assert_eq!(new[diff.ops[1].new.clone()].trim(), "Parliament votes in June.");
}
