//! Ingest and its parts over the bundled corpus: pages to articles, tagging, and the whole way into archive and index.
//!
//! `cargo bench --bench ingest`. State the machine with the figures. Throughput counts bytes of HTML for extraction and
//! for the whole way, and bytes of kept text for the rest.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use despatch::article::{Article, Format, RawDocument};
use despatch::authority::Authority;
use despatch::ingest::{self, Ingest};
use despatch::tag::Tagger;
use despatch::{corpus, duplicate, extract, source};

fn pages() -> Vec<RawDocument> {
    let html = corpus::FILES.iter().filter(|(name, _)| name.ends_with(".html"));
    html.map(|(_, bytes)| RawDocument { bytes: bytes.to_vec(), format: Format::Html, ..RawDocument::default() })
        .collect()
}

fn articles() -> Vec<Article> {
    pages().iter().filter_map(|page| extract::article(page).ok()).collect()
}

fn text_bytes(articles: &[Article]) -> Throughput {
    Throughput::Bytes(articles.iter().map(|article| article.text.len() as u64).sum())
}

fn extraction(c: &mut Criterion) {
    let pages = pages();
    let mut group = c.benchmark_group("extraction");
    group.throughput(Throughput::Bytes(pages.iter().map(|page| page.bytes.len() as u64).sum()));
    group.bench_function("pages", |b| {
        b.iter(|| pages.iter().filter(|page| extract::article(black_box(page)).is_ok()).count());
    });
}

fn tagging(c: &mut Criterion) {
    let articles = articles();
    let mut tagger = Tagger::new(Authority::bundled());
    let mut group = c.benchmark_group("tagging");
    group.throughput(text_bytes(&articles));
    group.bench_function("articles", |b| {
        b.iter(|| articles.iter().map(|article| tagger.tag(black_box(article)).actors.len()).sum::<usize>());
    });
}

fn grouping(c: &mut Criterion) {
    let articles = articles();
    let mut group = c.benchmark_group("grouping");
    group.throughput(text_bytes(&articles));
    group.bench_function("sketch", |b| {
        b.iter(|| {
            articles.iter().map(|article| duplicate::sketch(black_box(&article.text)).posted.len()).sum::<usize>()
        });
    });
}

fn whole(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    corpus::unpack(dir.path()).expect("the temporary folder takes the corpus");
    let bytes = corpus::FILES.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut group = c.benchmark_group("ingest");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("corpus", |b| {
        b.iter_batched(
            || tempfile::tempdir().expect("a temporary folder"),
            |home| {
                let job = Ingest {
                    dir: home.path().join("index"),
                    inputs: vec![dir.path().to_owned()],
                    now: "2026-03-01".parse().expect("a day"),
                    source: source::Options::default(),
                    wait: Duration::ZERO,
                    goes_on: false,
                    local: true,
                    readmit: false,
                    limits: despatch::extract::Limits::default(),
                };
                let report = ingest::run(&job, Authority::bundled(), &mut |_| {}).expect("the corpus is sound");
                assert!(report.new > 0);
                home
            },
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, extraction, tagging, grouping, whole);
criterion_main!(benches);
