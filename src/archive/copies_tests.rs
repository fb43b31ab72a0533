//! Groups of copies over a made set of wire stories and other reports of the same events.

use std::collections::HashMap;

use super::tests::now;
use super::*;

/// The number of groups of two or more copies, and the number of articles in them.
fn group_counts(archive: &Archive) -> (u64, u64) {
    let counts = "SELECT count(DISTINCT grp), count(*) FROM copy";
    archive.db.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

const STATES: [&str; 12] = [
    "Ravenia", "Ostmark", "Tarvia", "Lornland", "Veskia", "Mirania", "Pelora", "Galdova", "Sorrenia", "Kestria",
    "Ardania", "Norvalia",
];
const PERSONS: [&str; 16] = [
    "Ann Bell",
    "Luc Morel",
    "Ivo Stane",
    "Mara Quist",
    "Tom Hale",
    "Rena Ost",
    "Paul Drey",
    "Lia Venn",
    "Karl Roth",
    "Nina Sorel",
    "Otto Brandt",
    "Ada Finch",
    "Jon Ware",
    "Eva Lund",
    "Max Teller",
    "Ida Crane",
];
const THINGS: [&str; 20] = [
    "frigates",
    "air defence batteries",
    "patrol aircraft",
    "howitzers",
    "minehunters",
    "transport helicopters",
    "coastal radars",
    "supply ships",
    "armoured vehicles",
    "training jets",
    "artillery shells",
    "field hospitals",
    "satellite links",
    "drones",
    "bridging tanks",
    "submarines",
    "engineer units",
    "cyber teams",
    "border posts",
    "ammunition depots",
];
const PLACES: [&str; 12] = [
    "Port Lorn",
    "Vesk",
    "the northern border",
    "the strait",
    "Castle Hill",
    "the naval yard",
    "Tarn airfield",
    "the capital",
    "the eastern province",
    "Mirstad",
    "the island base",
    "Galt",
];
const DEEDS: [&str; 16] = [
    "agreed to buy",
    "will send",
    "has cancelled an order for",
    "is to test",
    "showed for the first time",
    "asked parliament to pay for",
    "wants to build",
    "has lost",
    "offered to lend",
    "will station",
    "has repaired",
    "plans to sell",
    "withdrew",
    "promised to share",
    "has inspected",
    "is short of",
];
const LINKS: [&str; 12] = [
    "according to officials who know the plan",
    "after months of talks behind closed doors",
    "in spite of a tight budget",
    "as the winter exercise begins",
    "a year later than was promised",
    "under a treaty signed last spring",
    "which the opposition has called too little",
    "with help from industry",
    "to the surprise of its neighbours",
    "before the summit of the alliance",
    "while inquiries go on",
    "at a price that was not disclosed",
];
const BOILERPLATE: [&str; 3] = [
    "Our newsroom depends on its readers. Subscribe today to support reporting from around the world, and receive the \
     evening letter of our editors free of charge for the first three months, with no obligation to go on after that.",
    "This article was supplied by a news agency and has not been edited by our staff apart from its headline. Follow us \
     for the latest on security and politics, and tell us what you think in the comments below.",
    "Read next: the ten charts that explain the new budget. Listen to our weekly programme on the armed forces wherever \
     you find your programmes, or write to the desk with questions that we may answer on the air.",
];

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// A sentence about an event; the event's own state, person and thing recur.
fn sentence(dice: &mut Dice, event: usize) -> String {
    let person = if dice.roll(2) == 0 { PERSONS[event % 16] } else { dice.pick(&PERSONS) };
    let state = if dice.roll(2) == 0 { STATES[event % 12] } else { dice.pick(&STATES) };
    let thing = if dice.roll(2) == 0 { THINGS[event % 20] } else { dice.pick(&THINGS) };
    let (deed, place, link, number) = (dice.pick(&DEEDS), dice.pick(&PLACES), dice.pick(&LINKS), 2 + dice.roll(90));
    match dice.roll(5) {
        0 => format!("{state} {deed} {number} {thing} at {place}, {link}."),
        1 => format!("{person} said that {state} {deed} {thing} near {place}."),
        2 => format!("Asked about {place}, {person} only confirmed that {number} {thing} were involved, {link}."),
        3 => format!("For {state}, which {deed} {thing}, {place} matters more than {number} others do."),
        _ => format!("\"We know what {place} means to {state},\" {person} told reporters, {link}."),
    }
}

fn story(dice: &mut Dice, event: usize, sentences: usize) -> Vec<String> {
    (0..sentences).map(|_| sentence(dice, event)).collect()
}

fn corrected(sentences: &[String], dice: &mut Dice) -> Vec<String> {
    let mut sentences = sentences.to_vec();
    for _ in 0..2 {
        let at = dice.roll(sentences.len());
        sentences[at] = sentences[at].replacen(" said that ", " has told this paper that ", 1).replacen(
            ", ",
            ", it is now clear, ",
            1,
        );
    }
    sentences.push("This report was corrected to give the right number.".to_owned());
    sentences
}

fn paragraphs(sentences: &[String]) -> String {
    sentences.chunks(2).map(|pair| pair.join(" ")).collect::<Vec<_>>().join("\n\n")
}

/// The versions of one wire story, with the event's number, and one other report of the event.
fn event(number: usize) -> (Vec<String>, String) {
    let mut dice = Dice(number as u64 * 7919 + 17);
    let length = 12 + dice.roll(20);
    let wire = story(&mut dice, number, length);
    let extra = BOILERPLATE[number % 3].to_owned();
    let part = |share: usize| wire[..(wire.len() * share / 100).max(4)].to_vec();
    let mut variants = vec![
        wire.clone(),
        part(40 + dice.roll(35)),
        [wire.clone(), vec![extra.clone()]].concat(),
        [vec![extra.clone()], wire.clone()].concat(),
        corrected(&wire, &mut dice),
    ];
    if number.is_multiple_of(2) {
        variants.push([part(60), vec![extra]].concat());
        variants.push(corrected(&part(80), &mut dice));
    }
    // Another reporter heard the same words of the minister.
    let mut other = story(&mut dice, number, length);
    let at = dice.roll(other.len());
    other[at] = wire[dice.roll(wire.len())].clone();
    (variants.iter().map(|variant| paragraphs(variant)).collect(), paragraphs(&other))
}

fn made(url: &str, text: &str) -> Article {
    Article {
        url: Some(format!("https://news.example/{url}")),
        title: format!("Headline {url}"),
        outlet: Some(format!("Outlet {}", url.len() % 5)),
        text: text.to_owned(),
        ..Article::default()
    }
}

fn put_into(archive: &mut Archive, article: &Article) -> Put {
    let place = Place { path: article.url.clone().unwrap(), ..Place::default() };
    let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let put = batch.put(&packed, &place, &digest(article.text.as_bytes()), None, now()).unwrap();
    batch.commit().unwrap();
    put
}

/// All articles with the number of their event, shuffled by `seed`; other reports have a number of their own.
fn corpus(seed: u64) -> Vec<(usize, Article)> {
    let mut all = Vec::new();
    for number in 0..60 {
        let (variants, other) = event(number);
        all.extend(variants.iter().enumerate().map(|(at, text)| (number, made(&format!("{number}-{at}"), text))));
        all.push((1000 + number, made(&format!("{number}-other"), &other)));
    }
    let mut dice = Dice(seed);
    for at in (1..all.len()).rev() {
        all.swap(at, dice.roll(at + 1));
    }
    all
}

fn groups(archive: &Archive, nums: &[ArticleNum]) -> Vec<GroupNum> {
    nums.iter().map(|num| archive.group_of(*num).unwrap()).collect()
}

#[test]
fn copies_are_grouped_and_other_reports_stay_apart() {
    let mut partitions = Vec::new();
    for seed in [1, 2, 3] {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = Archive::create(dir.path()).unwrap();
        let corpus = corpus(seed);
        let mut nums = Vec::new();
        for (at, (_, article)) in corpus.iter().enumerate() {
            nums.push(put_into(&mut archive, article).num);
            if at % 100 == 50 {
                archive.write_keys(true).unwrap();
            }
            if at == 200 {
                drop(archive); // keys that were not written are computed again
                archive = Archive::create(dir.path()).unwrap();
            }
        }
        let groups = groups(&archive, &nums);
        let (mut hit, mut wrong, mut missed, mut apart, mut joined) = (0, 0, 0, 0, 0);
        for one in 0..corpus.len() {
            for two in one + 1..corpus.len() {
                let (copies, found) = (corpus[one].0 == corpus[two].0, groups[one] == groups[two]);
                match (copies, found) {
                    (true, true) => hit += 1,
                    (true, false) => missed += 1,
                    (false, true) => wrong += 1,
                    (false, false) => {}
                }
            }
            if corpus[one].0 >= 1000 {
                let alone = groups.iter().filter(|group| **group == groups[one]).count() == 1;
                apart += usize::from(alone);
                joined += usize::from(!alone);
            }
        }
        let f1 = 2.0 * f64::from(hit) / f64::from(2 * hit + wrong + missed);
        assert!(f1 >= 0.95, "F1 {f1}: {hit} right, {wrong} wrong, {missed} missed");
        assert!(joined * 100 <= apart, "{joined} other reports were joined to a story");
        let named: HashMap<&str, GroupNum> =
            corpus.iter().zip(&groups).map(|((_, a), g)| (a.url.as_deref().unwrap(), *g)).collect();
        let mut urls: Vec<&str> = named.keys().copied().collect();
        urls.sort_unstable();
        let shape: Vec<usize> =
            urls.iter().map(|url| urls.iter().position(|other| named[other] == named[url]).unwrap()).collect();
        partitions.push((f1, shape));
    }
    let same = partitions[0].1.iter().zip(&partitions[1].1).filter(|(one, two)| one == two).count();
    assert!(same * 100 >= partitions[0].1.len() * 95, "the order of arrival changes the groups: {same}");
}

#[test]
fn a_group_tells_its_first_copy_and_follows_changes() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let (variants, other) = event(4);
    let on = |day: &str, url: &str, text: &str| {
        let published = Some(day.parse::<Moment>().unwrap());
        Article { published, ..made(url, text) }
    };
    let first = put_into(&mut archive, &on("2025-03-05", "a", &variants[0])).num;
    let second = put_into(&mut archive, &on("2025-03-04", "b", &variants[1]));
    let third = put_into(&mut archive, &made("ccc", &variants[2]));
    let alone = put_into(&mut archive, &made("d", &other));
    let story = GroupNum::from(first);
    assert_eq!((second.group, third.group, alone.group), (story, story, alone.num.into()));
    let group = archive.group(third.num).unwrap();
    assert_eq!(group.members.iter().map(|member| member.num).collect::<Vec<_>>(), [second.num, first, third.num]);
    assert_eq!(group.first_published().unwrap().num, second.num);
    assert_eq!(group.outlets().len(), 2);
    assert_eq!(archive.group(alone.num).unwrap().members.len(), 1);
    assert_eq!(group_counts(&archive), (1, 3));
    assert_eq!(archive.by_num(third.num).unwrap().group, story);
    // The first copy becomes another story: the others keep together under a new number.
    let before = archive.last_seq().unwrap();
    let changed = put_into(&mut archive, &on("2025-03-05", "a", &event(9).0[0]));
    assert_eq!((changed.outcome, changed.group), (Outcome::Changed, story));
    assert_eq!(changed.moved, [second.num, third.num]);
    assert_eq!(archive.moved_after(before).unwrap(), [second.num, third.num]);
    assert_eq!(groups(&archive, &[first, second.num, third.num]), [first, second.num, second.num].map(GroupNum::from));
    // It becomes a copy again.
    let back = put_into(&mut archive, &on("2025-03-05", "a", &variants[0]));
    assert_eq!((back.group, back.moved), (story, vec![second.num, third.num]));
    archive.forget_moved(archive.last_seq().unwrap()).unwrap();
    assert!(archive.moved_after(VersionSeq::NONE).unwrap().is_empty());
}

#[test]
fn a_late_copy_joins_two_groups() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let sentences = story(&mut Dice(5), 5, 40);
    let begin = put_into(&mut archive, &made("a", &paragraphs(&sentences[..30])));
    let end = put_into(&mut archive, &made("b", &paragraphs(&sentences[10..])));
    let whole = put_into(&mut archive, &made("c", &paragraphs(&sentences)));
    let all = groups(&archive, &[begin.num, end.num, whole.num]);
    assert_eq!(all, [begin.num.into(); 3], "{begin:?} {end:?} {whole:?}");
}

fn on(day: &str, url: &str, text: &str) -> Article {
    Article { published: Some(day.parse::<Moment>().unwrap()), ..made(url, text) }
}

fn take_out(archive: &mut Archive, num: ArticleNum) -> Vec<ArticleNum> {
    let mut moved = Vec::new();
    let mut batch = archive.batch().unwrap();
    assert!(batch.remove(num, false, &mut moved).unwrap());
    batch.commit().unwrap();
    moved
}

fn created() -> (tempfile::TempDir, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::create(dir.path()).unwrap();
    (dir, archive)
}

#[test]
fn a_yearly_notice_is_another_story_in_whichever_order_it_comes() {
    let notice = |year: u32| {
        let text = paragraphs(&story(&mut Dice(31), 7, 8));
        on(&format!("{year}-05-09"), &year.to_string(), &format!("{text}\n\nThe parade of {year} begins at noon."))
    };
    for years in [[2023, 2024, 2025], [2025, 2024, 2023], [2024, 2025, 2023]] {
        let (_dir, mut archive) = created();
        let puts = years.map(|year| put_into(&mut archive, &notice(year)));
        assert_eq!(puts.each_ref().map(|put| put.group), puts.each_ref().map(|put| put.num.into()), "{years:?}");
        assert_eq!(group_counts(&archive), (0, 0), "{years:?}");
        // The same notice by another outlet some days later or earlier belongs to its year.
        for (day, url) in [("2024-05-20", "later"), ("2024-04-20", "earlier")] {
            let again = put_into(&mut archive, &on(day, url, &notice(2024).text));
            let of_its_year = puts[years.iter().position(|year| *year == 2024).unwrap()].num;
            assert_eq!(again.group, of_its_year.into(), "{years:?}, {day}");
        }
    }
}

#[test]
fn of_equal_copies_the_first_stands_for_the_story() {
    let (_dir, mut archive) = created();
    let text = paragraphs(&story(&mut Dice(3), 3, 12));
    let nums: Vec<ArticleNum> =
        ["z", "a", "m"].iter().map(|url| put_into(&mut archive, &on("2025-03-05", url, &text)).num).collect();
    assert_eq!(nums, [1, 2, 3].map(ArticleNum));
    let group = archive.group(ArticleNum(3)).unwrap();
    assert_eq!(group.num, GroupNum(1));
    assert_eq!(group.members.iter().map(|member| member.num).collect::<Vec<_>>(), nums);
    assert_eq!(group.first_published().unwrap().num, ArticleNum(1));
    // One without a date stands behind those that have one, whenever it came; alone it says nothing of a date.
    let (_dir, mut archive) = created();
    let undated = put_into(&mut archive, &made("undated", &text)).num;
    assert_eq!(archive.group(undated).unwrap().first_published().map(|member| member.num), None);
    let dated = put_into(&mut archive, &on("2025-03-05", "dated", &text));
    assert_eq!(dated.group, undated.into());
    let group = archive.group(undated).unwrap();
    assert_eq!(group.members.iter().map(|member| member.num).collect::<Vec<_>>(), [dated.num, undated]);
    assert_eq!(group.first_published().unwrap().num, dated.num);
}

#[test]
fn the_next_copy_stands_for_a_story_whose_first_was_taken_out() {
    for written in [false, true] {
        let (_dir, mut archive) = created();
        let text = paragraphs(&story(&mut Dice(3), 3, 30));
        for url in ["a", "b", "c"] {
            put_into(&mut archive, &made(url, &text));
        }
        archive.write_keys(written).unwrap();
        let before = archive.last_seq().unwrap();
        assert_eq!(take_out(&mut archive, ArticleNum(1)), [2, 3].map(ArticleNum));
        assert_eq!(groups(&archive, &[2, 3].map(ArticleNum)), [2, 2].map(GroupNum));
        assert_eq!((archive.copies(GroupNum(2)).unwrap(), archive.copies(GroupNum(1)).unwrap()), (2, 0));
        assert_eq!(archive.moved_after(before).unwrap(), [1, 2, 3].map(ArticleNum));
        // Later copies still find it, though all its keys stood under the article that is gone.
        assert_eq!(put_into(&mut archive, &made("d", &text)).group, GroupNum(2));
        archive.write_keys(written).unwrap();
        // One in the middle or at the end changes nothing for the others.
        assert_eq!(take_out(&mut archive, ArticleNum(3)), Vec::<ArticleNum>::new());
        assert_eq!(groups(&archive, &[2, 4].map(ArticleNum)), [2, 2].map(GroupNum));
        // An article that is left alone forms no group any more.
        assert_eq!(take_out(&mut archive, ArticleNum(2)), [ArticleNum(4)]);
        assert_eq!((archive.group_of(ArticleNum(4)).unwrap(), archive.copies(GroupNum(4)).unwrap()), (GroupNum(4), 0));
        assert_eq!(group_counts(&archive), (0, 0));
        assert_eq!(put_into(&mut archive, &made("e", &text)).group, GroupNum(4));
        take_out(&mut archive, ArticleNum(4));
        take_out(&mut archive, ArticleNum(5));
        let last = put_into(&mut archive, &made("f", &text));
        assert_eq!(last.group, last.num.into(), "nobody is left to be a copy of");
    }
}

#[test]
fn an_article_that_changes_leaves_its_story_and_takes_none_along() {
    for written in [false, true] {
        let (_dir, mut archive) = created();
        let (one, two) = (story(&mut Dice(3), 3, 30), story(&mut Dice(8), 8, 30));
        let (one, two) = (paragraphs(&one), paragraphs(&two));
        put_into(&mut archive, &made("a", &one));
        put_into(&mut archive, &made("b", &two));
        archive.write_keys(written).unwrap();
        let changed = put_into(&mut archive, &made("a", &two));
        let expected = (ArticleNum(1), GroupNum(1), vec![ArticleNum(2)]);
        assert_eq!((changed.num, changed.group, changed.moved), expected, "the lower number names the group");
        archive.write_keys(written).unwrap();
        let old = put_into(&mut archive, &made("c", &one));
        assert_eq!(old.group, old.num.into(), "nobody has that text now");
        assert_eq!(put_into(&mut archive, &made("d", &two)).group, GroupNum(1));
        // Changed once more into a copy of the other story: it moves, and the rest keeps together.
        let mut over = put_into(&mut archive, &made("a", &one));
        over.moved.sort_unstable();
        assert_eq!((over.group, over.moved), (GroupNum(1), [2, 3, 4].map(ArticleNum).to_vec()));
        assert_eq!(groups(&archive, &[1, 2, 3, 4].map(ArticleNum)), [1, 2, 1, 2].map(GroupNum));
    }
}

#[test]
fn a_copy_that_joins_two_stories_names_who_moved() {
    let (_dir, mut archive) = created();
    let sentences = story(&mut Dice(5), 5, 40);
    let (begin, end) = (paragraphs(&sentences[..30]), paragraphs(&sentences[10..]));
    let puts = [("a", &end), ("b", &begin), ("c", &end), ("d", &begin)];
    let nums = puts.map(|(url, text)| put_into(&mut archive, &made(url, text)).num);
    assert_eq!(groups(&archive, &nums), [1, 2, 1, 2].map(GroupNum));
    let before = archive.last_seq().unwrap();
    let whole = put_into(&mut archive, &made("e", &paragraphs(&sentences)));
    assert_eq!((whole.group, whole.moved), (GroupNum(1), [2, 4].map(ArticleNum).to_vec()), "those of the later story");
    assert_eq!(groups(&archive, &nums), [GroupNum(1); 4]);
    assert_eq!((archive.copies(GroupNum(1)).unwrap(), archive.copies(GroupNum(2)).unwrap()), (5, 0));
    assert_eq!(group_counts(&archive), (1, 5));
    let seq = archive.last_seq().unwrap();
    assert_eq!(archive.moved_after(before).unwrap(), [2, 4].map(ArticleNum));
    assert!(archive.moved_after(seq).unwrap().is_empty() && archive.gone_after(before).unwrap().is_empty());
    archive.forget_moved(VersionSeq(seq.0 - 1)).unwrap();
    assert_eq!(archive.moved_after(VersionSeq::NONE).unwrap(), [2, 4].map(ArticleNum), "they moved later than that");
    archive.forget_moved(seq).unwrap();
    assert!(archive.moved_after(VersionSeq::NONE).unwrap().is_empty());
}

#[test]
fn a_story_has_room_for_any_number_of_copies() {
    let (_dir, mut archive) = created();
    let text = paragraphs(&story(&mut Dice(3), 3, 30));
    let mut batch = archive.batch().unwrap();
    for n in 0..60u64 {
        let article = made(&n.to_string(), &format!("{text}\n\nSeen{}.", " again".repeat(n as usize)));
        let packed = Packed::new(&article, &mut Packer::new(None).unwrap()).unwrap();
        let place = Place { path: n.to_string(), ..Place::default() };
        let put = batch.put(&packed, &place, &digest(article.text.as_bytes()), None, now()).unwrap();
        assert_eq!((put.num, put.group), (ArticleNum(n + 1), GroupNum(1)));
    }
    batch.commit().unwrap();
    let group = archive.group(ArticleNum(60)).unwrap();
    assert_eq!((group.members.len(), group.outlets()), (60, vec!["Outlet 1", "Outlet 2"]));
    assert!(matches!(archive.group(ArticleNum(61)), Err(ArchiveError::NoArticle(_))));
}

#[test]
fn a_dictionary_is_made_of_the_first_200_articles() {
    let (dir, mut archive) = created();
    let texts: Vec<String> = (0..200).map(|n| paragraphs(&story(&mut Dice(n), n as usize, 6))).collect();
    let put = |archive: &mut Archive, range: std::ops::Range<usize>| {
        let mut batch = archive.batch().unwrap();
        for n in range {
            let packed = Packed::new(&made(&n.to_string(), &texts[n]), &mut Packer::new(None).unwrap()).unwrap();
            batch.put(&packed, &Place { path: n.to_string(), ..Place::default() }, &[0; 32], None, now()).unwrap();
        }
        batch.commit().unwrap();
    };
    put(&mut archive, 0..199);
    assert!(archive.train_dictionary().unwrap().is_none());
    put(&mut archive, 199..200);
    let dictionary = archive.train_dictionary().unwrap().unwrap();
    assert_eq!(archive.train_dictionary().unwrap().unwrap().num(), dictionary.num(), "one is enough");
    let late = made("late", &paragraphs(&story(&mut Dice(777), 5, 6)));
    let plain = Packed::new(&late, &mut Packer::new(None).unwrap()).unwrap();
    let packed = Packed::new(&late, &mut Packer::new(Some(&dictionary)).unwrap()).unwrap();
    assert!(packed.data.len() < plain.data.len());
    let mut batch = archive.batch().unwrap();
    let place = Place { path: "late".to_owned(), ..Place::default() };
    let num = batch.put(&packed, &place, &[1; 32], None, now()).unwrap().num;
    batch.commit().unwrap();
    drop(archive);
    let mut archive = Archive::create(dir.path()).unwrap();
    assert_eq!(archive.by_num(num).unwrap().article, late);
    // The archive is repacked with a dictionary trained on the remaining articles, and loses nothing.
    assert!(archive.any_dictionary(&|data| !data.is_empty()).unwrap());
    take_out(&mut archive, ArticleNum(200));
    archive.scrub(true).unwrap();
    assert_eq!(archive.by_num(num).unwrap().article, late);
    assert_eq!(archive.by_num(ArticleNum(7)).unwrap().article, made("6", &texts[6]));
    let new = archive.dictionary().unwrap().unwrap();
    assert_ne!(new.num(), dictionary.num());
    let checked = archive.verify(&mut |fault| panic!("{fault}")).unwrap();
    assert_eq!((checked.versions, checked.damaged), (200, 0));
}
