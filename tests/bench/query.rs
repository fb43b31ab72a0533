//! Searching and its parts over generated articles: queries of each kind, facets, and the passages of one article.
//!
//! `cargo bench --bench query`. The engine stays open, so the figures do not include the start of a process. State the
//! machine with them. The articles are made of the bundled corpus's words in their own frequencies, the same in every
//! run.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use despatch::analysis::{self, Analyzer};
use despatch::article::{Article, Format, Moment, RawDocument};
use despatch::authority::Authority;
use despatch::engine::{Engine, Facet, FacetRequest, LocalEngine, SearchRequest};
use despatch::ingest::{self, Ingest};
use despatch::{corpus, extract, passage, source};

/// Articles that are generated.
const ARTICLES: usize = 2000;
/// Words of each article, at least.
const LENGTH: usize = 400;
/// Queries of each kind that the engine executes differently.
const QUERIES: [(&str, &str); 7] = [
    ("row", "defence procurement talks"),
    ("or", "defence OR minister OR funding"),
    ("and", "defence AND minister"),
    ("phrase", "\"of the\""),
    ("written", "=\"of the European\""),
    ("prefix", "procur* AND gov*"),
    ("near", "\"defence minister\"~8"),
];

fn texts() -> Vec<Article> {
    let pages = corpus::FILES.iter().filter(|(name, _)| name.ends_with(".html"));
    let documents =
        pages.map(|(_, bytes)| RawDocument { bytes: bytes.to_vec(), format: Format::Html, ..RawDocument::default() });
    documents.filter_map(|document| extract::article(&document).ok()).collect()
}

/// The articles as JSON Lines: runs of consecutive words of the corpus, from pseudo-random places.
fn generated() -> String {
    let all: Vec<String> = texts()
        .iter()
        .flat_map(|article| article.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % sides
    };
    let mut out = String::new();
    for number in 0..ARTICLES {
        let mut words: Vec<&str> = Vec::new();
        while words.len() < LENGTH {
            let from = roll(all.len() - 40);
            words.extend(all[from..from + 5 + roll(30)].iter().map(String::as_str));
        }
        let paragraphs: Vec<String> = words.chunks(80).map(|chunk| chunk.join(" ")).collect();
        let row = serde_json::json!({
            "id": format!("made-{number}"),
            "title": words[..8].join(" "),
            "text": paragraphs.join("\n\n"),
            "outlet": format!("Outlet {}", number % 12),
            "published": format!("2025-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        });
        out.push_str(&row.to_string());
        out.push('\n');
    }
    out
}

fn engine(dir: &Path) -> LocalEngine<'static> {
    let input = dir.join("made.jsonl");
    std::fs::write(&input, generated()).expect("the temporary folder takes the articles");
    let index = dir.join("index");
    let job = Ingest {
        dir: index.clone(),
        inputs: vec![input],
        now: "2026-03-01".parse().expect("a day"),
        source: source::Options::default(),
        wait: Duration::ZERO,
        goes_on: false,
        local: true,
        readmit: false,
        limits: despatch::extract::Limits::default(),
    };
    let report = ingest::run(&job, Authority::bundled(), &mut |_| {}).expect("the articles are sound");
    assert_eq!(report.new, ARTICLES as u64);
    let (archive, index) = ingest::open(&index, Authority::bundled()).expect("the index was just made");
    LocalEngine::new(archive, index, Authority::bundled())
}

fn queries(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut engine = engine(dir.path());
    let now: Moment = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let mut group = c.benchmark_group("search");
    for (name, query) in QUERIES {
        let request = SearchRequest::new(query, now);
        group.bench_function(name, |b| {
            b.iter(|| {
                let response = engine.search(black_box(&request)).expect("the query is sound");
                assert!(response.total > 0, "{query}");
                response.hits.len()
            });
        });
    }
    group.finish();
    let request = FacetRequest::new("defence OR minister", vec![Facet::Actor, Facet::Topic, Facet::Outlet], now);
    c.bench_function("facets", |b| {
        b.iter(|| engine.facets(black_box(&request)).expect("the query is sound").counts.len());
    });
}

fn passages(c: &mut Criterion) {
    let articles = texts();
    let mut group = c.benchmark_group("passages");
    group.throughput(Throughput::Bytes(articles.iter().map(|article| article.text.len() as u64).sum()));
    group.bench_function("words", |b| {
        b.iter(|| articles.iter().map(|article| analysis::words(black_box(&article.text)).len()).sum::<usize>());
    });
    let mut analyzer = Analyzer::new();
    group.bench_function("terms", |b| {
        b.iter(|| {
            let mut count = 0;
            for article in &articles {
                analyzer.terms(&analysis::words(black_box(&article.text)), |_, term| count += term.len());
            }
            count
        });
    });
    group.bench_function("cut", |b| {
        b.iter(|| {
            let cut = |article: &Article| passage::cut(&passage::sentences(article, &analysis::words(&article.text)));
            articles.iter().map(|article| cut(black_box(article)).len()).sum::<usize>()
        });
    });
}

criterion_group!(benches, queries, passages);
criterion_main!(benches);
