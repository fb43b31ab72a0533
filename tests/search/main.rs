//! The engine against a matcher that reads the kept text itself, and properties of the query language.

#![allow(clippy::unwrap_used)] // a test may fail

mod answers;
mod brute;
mod bundled;
mod engine_asking;
mod engine_counts;
mod engine_desk;
mod engine_hits;
mod engine_ranking;
mod hand;
mod properties;
mod ranking;
mod second;

use std::collections::BTreeSet;
use std::time::Duration;

use despatch::archive::{Archive, Packed, Packer, Stored, VersionSeq, digest};
use despatch::article::{Article, Moment, NewParagraph, ParagraphKind, Place};
use despatch::authority::Authority;
use despatch::engine::{Engine, Facet, FacetRequest, LocalEngine, Matching, SearchRequest};
use despatch::index::{Index, State, WriterOptions, fingerprint};
use despatch::ingest::{self, Ingest};
use despatch::query::{Field, Mode};
use despatch::tag::Tags;

use second::Own;

/// The bundled corpus in an index of its own.
pub(crate) fn index_of_corpus() -> (tempfile::TempDir, LocalEngine<'static>) {
    let (dir, input) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let corpus = input.path().join("corpus");
    despatch::corpus::unpack(&corpus).unwrap();
    let authority = Authority::bundled();
    let job = Ingest {
        dir: dir.path().to_owned(),
        inputs: vec![corpus],
        now: "2026-03-01".parse().unwrap(),
        source: Default::default(),
        wait: Duration::ZERO,
        goes_on: false,
        local: true,
        readmit: false,
        limits: despatch::extract::Limits::default(),
    };
    ingest::run(&job, authority, &mut |_| {}).unwrap();
    let (archive, index) = ingest::open(dir.path(), authority).unwrap();
    (dir, LocalEngine::new(archive, index, authority))
}

/// A search that counts and lists whatever has one of its words.
pub(crate) fn any(mut request: SearchRequest) -> SearchRequest {
    request.filters.matching = Matching::Any;
    request
}

/// Numbers that look random and are the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

const WORDS: &[&str] = &[
    "defence",
    "defense",
    "programme",
    "programs",
    "missile",
    "missiles",
    "missle",
    "safe",
    "SAFE",
    "Safe",
    "the",
    "of",
    "and",
    "procure",
    "procurement",
    "procuring",
    "F-35",
    "F-35B",
    "155mm",
    "155 mm",
    "UK-EU",
    "UK",
    "EU",
    "€150bn",
    "150 billion euros",
    "talks",
    "talk",
    "Šefčovič",
    "minister’s",
    "armoured",
    "armored",
    "U.S.",
    "us",
    "US",
    "budget",
    "storey",
    "story",
    "fund",
    "funds.",
    "Fund,",
    "joint",
    "post-Brexit",
    "(London)",
    "“deal”",
    "organisation",
];

fn now() -> Moment {
    "2026-02-04".parse().unwrap()
}

fn articles(dice: &mut Dice, number: usize) -> Vec<Article> {
    (0..number)
        .map(|n| {
            let mut article = Article { source_id: Some(format!("a{n}")), ..Article::default() };
            let run = |dice: &mut Dice, most: usize| {
                let length = 1 + dice.roll(most);
                (0..length).map(|_| dice.pick(WORDS)).collect::<Vec<_>>().join(" ")
            };
            article.title = run(dice, 7);
            let paragraphs = 1 + dice.roll(4);
            article.set_paragraphs((0..paragraphs).map(|p| NewParagraph {
                text: format!("{}. {}", run(dice, 40), run(dice, 30)),
                kind: if p == 1 { ParagraphKind::Heading } else { ParagraphKind::Text },
                input: None,
                page: None,
            }));
            article.outlet =
                [None, Some("Alda Post"), Some("Berin News"), Some("Corto")][dice.roll(4)].map(str::to_owned);
            article.language = [Some("en"), Some("fr"), None][dice.roll(3)].map(str::to_owned);
            article.published = (dice.roll(5) > 0).then(|| {
                format!("202{}-{:02}-{:02}", dice.roll(6), 1 + dice.roll(12), 1 + dice.roll(28)).parse().unwrap()
            });
            article
        })
        .collect()
}

fn query(dice: &mut Dice) -> String {
    let leaf = |dice: &mut Dice| -> String {
        let word = dice.pick(WORDS);
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        match dice.roll(16) {
            0 => format!("\"{word} {}\"", dice.pick(WORDS)),
            1 => format!("\"{word} {}\"~{}", dice.pick(WORDS), dice.roll(4)),
            2 => format!("{}*", plain.chars().take(4).filter(|c| c.is_alphanumeric()).collect::<String>()),
            3 => "missle~1".to_owned(),
            4 => format!("title:{word}"),
            5 => format!("body:\"{word} {}\"", dice.pick(WORDS)),
            6 => format!("=\"{plain}\""),
            7 => "outlet:\"alda post\",Corto".to_owned(),
            8 => format!("date:202{}..", dice.roll(6)),
            9 => "def*nse".to_owned(),
            10 => "ta?ks".to_owned(),
            _ => word.to_owned(),
        }
    };
    let mut out = String::new();
    for _ in 0..1 + dice.roll(3) {
        let prefix = ["", "", "", "", "+", "-"][dice.roll(6)];
        let part = match dice.roll(8) {
            0 => format!("({} AND {})", leaf(dice), leaf(dice)),
            1 => format!("({} OR {})", leaf(dice), leaf(dice)),
            2 => format!("({} NOT {})", leaf(dice), leaf(dice)),
            _ => leaf(dice),
        };
        out.push_str(prefix);
        out.push_str(&part);
        out.push(' ');
    }
    out
}

/// A folder with the articles in archive and index; several segments, one article deleted and added again.
fn desk(articles: &[Article]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let index = Index::create(dir.path()).unwrap();
    let options = WriterOptions { threads: 1, memory: 32 << 20 };
    let mut writer = index.writer(&options).unwrap();
    let authority = Authority::bundled();
    for chunk in articles.chunks(articles.len().div_ceil(3)) {
        let mut batch = archive.batch().unwrap();
        let mut seq = VersionSeq::NONE;
        for article in chunk {
            let id = article.source_id.clone().unwrap();
            let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
            let place = Place { path: id.clone(), ..Place::default() };
            let put = batch.put(&packed, &place, &digest(id.as_bytes()), None, now()).unwrap();
            seq = put.seq;
            let stored = Stored { num: put.num, id, seq, group: put.group, article: article.clone() };
            writer.put(&stored, &Tags::default(), authority).unwrap();
        }
        batch.commit().unwrap();
        writer.commit(&State { seq, fingerprint: fingerprint(authority) }).unwrap();
    }
    writer.finish().unwrap();
    dir
}

fn engine(dir: &tempfile::TempDir) -> LocalEngine<'static> {
    let index = Index::snapshot(dir.path(), &mut || {}).unwrap();
    LocalEngine::new(Archive::open(dir.path()).unwrap(), index, Authority::bundled())
}

#[test]
fn the_engine_finds_and_marks_what_a_reader_of_the_text_finds() {
    let mut dice = Dice(88_172_645_463_325_252);
    let articles = articles(&mut dice, 45);
    let dir = desk(&articles);
    let mut engine = engine(&dir);
    let none = Tags::default();
    let readings: Vec<brute::Reading<'_>> = articles.iter().map(|a| brute::Reading::new(a, &none)).collect();
    let (mut matched, mut marked) = (0, 0);
    for _ in 0..140 {
        let text = query(&mut dice);
        let mut request = any(SearchRequest::new(&text, now()));
        request.limit = 1000;
        request.passages = 1000;
        let response = engine.search(&request).unwrap();
        let wanted = brute::parse(&text);
        let found: BTreeSet<String> = response.hits.iter().map(|hit| hit.id.clone()).collect();
        let right: BTreeSet<String> =
            readings.iter().filter(|r| wanted.matches(r)).filter_map(|r| r.article.source_id.clone()).collect();
        assert_eq!(found, right, "{text}  understood: {}", response.understood);
        assert_eq!(response.total as usize, right.len(), "{text}");
        for hit in &response.hits {
            let reading = readings.iter().find(|r| r.article.source_id.as_deref() == Some(&hit.id)).unwrap();
            marked += brute::check_highlights(&wanted, reading, hit, &text);
        }
        matched += right.len();
    }
    assert!(matched >= 1500 && marked >= 10_000, "{matched} matches, {marked} marks: too few to show anything");
}

/// A random leaf for the second reader, made of words of the articles.
fn own_leaf(dice: &mut Dice, words_only: bool) -> Own {
    const OWN: [&str; 24] = [
        "defence",
        "defense",
        "programme",
        "missiles",
        "safe",
        "SAFE",
        "procurement",
        "F-35",
        "F-35B",
        "155mm",
        "UK-EU",
        "EU",
        "€150bn",
        "talks",
        "Šefčovič",
        "armoured",
        "U.S",
        "US",
        "budget",
        "story",
        "funds",
        "Fund",
        "post-Brexit",
        "joint",
    ];
    let plain = &OWN[..8];
    let (word, other) = (dice.pick(&OWN), dice.pick(WORDS).trim_matches(['“', '”', '(', ')']));
    match dice.roll(if words_only { 11 } else { 15 }) {
        0 => second::words(Mode::Phrase, &format!("{word} {other}")),
        1 => second::words(Mode::Near(dice.roll(4) as u32), &format!("{other} {word}")),
        2 => second::words(Mode::Exact, dice.pick(plain)),
        3 => second::words(Mode::ExactPhrase, &format!("{} {other}", dice.pick(plain))),
        4 => second::words(Mode::Pattern, ["def*", "def*nse", "ta?ks", "proc*", "*ed", "f*35"][dice.roll(6)]),
        5 => second::words(Mode::Fuzzy(1 + dice.roll(2) as u8), ["missle", "talsk", "budgte", "stroy"][dice.roll(4)]),
        6..=10 => second::words(Mode::Word, word),
        11 => Own::Values(Field::Lang, vec![["en", "fr"][dice.roll(2)].to_owned()]),
        12 | 13 => {
            let all = ["alda post", "Corto", "Berin News"];
            Own::Values(Field::Outlet, all[dice.roll(3)..].iter().map(|name| (*name).to_owned()).collect())
        }
        _ => {
            let (first, last) = (2020 + dice.roll(3), 2022 + dice.roll(3));
            let days = |text: String| Own::Dates(text, format!("{first}-01-01"), format!("{last}-12-31"));
            match dice.roll(3) {
                0 => days(format!("{first}..{last}")),
                1 => days(format!("\"from {first} to December {last}\"")),
                _ => days(format!("\"between january {first} and {last}-12-31\"")),
            }
        }
    }
}

#[test]
fn a_second_reader_of_the_language_finds_the_same_articles() {
    let mut dice = Dice(20_260_204);
    let articles = articles(&mut dice, 45);
    let dir = desk(&articles);
    let mut engine = engine(&dir);
    let none = Tags::default();
    let id = |article: &'_ Article| article.source_id.clone().unwrap();
    let ids: Vec<String> = articles.iter().map(id).collect();
    let readings: Vec<(&str, brute::Reading<'_>)> =
        ids.iter().zip(&articles).map(|(id, article)| (id.as_str(), brute::Reading::new(article, &none))).collect();
    let kinds = second::agree(&mut engine, &readings, &mut dice, 400, own_leaf);
    let few = |kind: &&str| kinds.get(*kind).is_none_or(|count| *count < 10);
    let all = [
        "Word",
        "Phrase",
        "Near",
        "Exact",
        "ExactPhrase",
        "Pattern",
        "Fuzzy",
        "Title",
        "Body",
        "lang",
        "outlet",
        "date",
        "NOT",
        "AND",
        "OR",
        "row",
        "None",
        "Plus",
        "Minus",
    ];
    assert!(kinds["query"] >= 200 && !all.iter().any(few), "too few to show anything: {kinds:?}");
}

/// With this many articles, posting lists are read whole, and by two threads.
#[test]
fn phrases_of_words_that_thousands_of_articles_have() {
    const FEW: [&str; 6] = ["frigate", "tender", "talks", "drones", "treaty", "ammunition"];
    let mut dice = Dice(31_415_926);
    let articles: Vec<Article> = (0..15_000)
        .map(|n| {
            let mut article = Article { source_id: Some(format!("a{n}")), ..Article::default() };
            let length = 1 + dice.roll(15);
            let text = (0..length).map(|_| dice.pick(&FEW)).collect::<Vec<_>>().join(" ");
            article.set_paragraphs([NewParagraph { text, kind: ParagraphKind::Text, input: None, page: None }]);
            article
        })
        .collect();
    let dir = desk(&articles);
    let mut engine = engine(&dir);
    for words in [&["frigate", "tender"][..], &["drones", "drones"], &["talks", "treaty", "talks"]] {
        let phrase = words.join(" ");
        let right = articles.iter().filter(|article| article.text.contains(&phrase)).count();
        let mut request = SearchRequest::new(&format!("\"{phrase}\""), now());
        request.limit = 1;
        assert_eq!(engine.search(&request).unwrap().total as usize, right, "{phrase}");
    }
}

#[test]
fn counts_are_those_of_a_reader() {
    let mut dice = Dice(7_777_777);
    let articles = articles(&mut dice, 60);
    let dir = desk(&articles);
    let mut engine = engine(&dir);
    let none = Tags::default();
    let readings: Vec<brute::Reading<'_>> = articles.iter().map(|a| brute::Reading::new(a, &none)).collect();
    let (mut matches, mut values) = (0, 0);
    for _ in 0..60 {
        let text = if dice.roll(3) == 0 { String::new() } else { query(&mut dice) };
        let mut request = FacetRequest::new(&text, vec![Facet::Outlet, Facet::Language, Facet::Month], now());
        request.filters.matching = Matching::Any;
        request.all_values = dice.roll(2) == 0;
        if dice.roll(2) == 0 {
            request.filters.outlet.push(["alda post", "Corto", "Corto,Berin News"][dice.roll(3)].to_owned());
        }
        if dice.roll(3) == 0 {
            request.filters.lang.push("en".to_owned());
        }
        if dice.roll(3) == 0 {
            request.filters.since = Some(1_672_531_200);
        }
        let response = engine.facets(&request).unwrap();
        let wanted = brute::parse(&text);
        let outlet = |a: &Article| {
            let own = a.outlet.as_deref().unwrap_or_default().to_lowercase();
            request.filters.outlet.iter().all(|f| f.to_lowercase().split(',').any(|name| name == own))
        };
        let lang = |a: &Article| request.filters.lang.iter().all(|f| a.language.as_ref() == Some(f));
        let date = |a: &Article| request.filters.since.is_none_or(|s| a.published.is_some_and(|p| p.seconds() >= s));
        let matched: Vec<&Article> =
            readings.iter().filter(|r| wanted.matches(r) && date(r.article)).map(|r| r.article).collect();
        let total = matched.iter().filter(|a| outlet(a) && lang(a)).count() as u64;
        assert_eq!(response.total, total, "{text} {:?}", request.filters);
        for (facet, list) in &response.counts {
            let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
            for article in &matched {
                let counted = match facet {
                    Facet::Outlet if request.all_values => lang(article),
                    Facet::Language if request.all_values => outlet(article),
                    _ => outlet(article) && lang(article),
                };
                let value = match facet {
                    Facet::Outlet => article.outlet.clone(),
                    Facet::Language => article.language.clone(),
                    _ => article.published.map(|p| p.day().to_string()[..7].to_owned()),
                };
                if let Some(value) = value.filter(|_| counted) {
                    *counts.entry(value).or_default() += 1;
                }
            }
            let found: std::collections::BTreeMap<String, u64> =
                list.iter().filter(|c| c.count > 0).map(|c| (c.value.clone(), c.count)).collect();
            assert_eq!(found, counts, "{facet:?} {text} {:?}", request.filters);
            values += counts.len();
        }
        matches += matched.len();
    }
    assert!(matches >= 500 && values >= 500, "{matches} matches, {values} values: too few to show anything");
}

/// Whatever a person pastes is a query that the engine answers.
#[test]
fn pasted_text_is_answered() {
    let mut dice = Dice(5_550_123);
    let articles = articles(&mut dice, 12);
    let dir = desk(&articles);
    let mut engine = engine(&dir);
    for text in [
        "BREAKING: UK’s £5bn plan — “a deal with teeth” (PM) | #DefenceReview @MoD https://example.org/a-b?c=d#e",
        "Note: budget talks resume at 9:30; see title: none, body: also",
        "‘Don’t know’ – Ministers' reply: \u{201e}nein\u{201c} «non» \"no",
        "+++ LIVE +++ -- update -- ~~~ *** ((( ))) AND OR NOT",
        "😀🇬🇧 #SAFE!!! 100% of 155mm/F-35s … e.g. U.S.-led, i.e. 50/50?",
        "actor: nobody, date: soon, outlet: none",
        "C:\\temp\\file.txt <b>talks</b> &amp; [link](http://a.b/c) {x} $5 = 5 USD ^caret \t\ttab",
        "What did the defence secretary say about the budget in London, and who was there to hear it?",
        "WHAT DID THE DEFENCE SECRETARY SAY ABOUT THE BUDGET, AND WHO WAS THERE TO HEAR IT?",
    ] {
        let response =
            engine.search(&SearchRequest::new(text, now())).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(response.hits.iter().all(|hit| hit.score > 0.0), "{text}");
    }
    let shouted = engine.search(&SearchRequest::new("WHO SAID THE BUDGET TALKS ARE SAFE FOR US?", now())).unwrap();
    assert!(!shouted.understood.contains("WHO") && shouted.understood.contains("budget"), "{}", shouted.understood);
}
