//! `despatch doctor`: one screen that says what is here and what to do.

use super::{Corpus, despatch, must};

#[test]
fn it_says_what_is_here_and_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let nothing = despatch(home.path(), &["doctor"]);
    assert_eq!(nothing.code, Some(1), "{nothing:?}");
    assert!(nothing.stdout.contains("nothing here yet") && nothing.stdout.contains("despatch index"), "{nothing:?}");
    let corpus = Corpus::write(home.path(), 40);
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    let well = must(home.path(), &["doctor"]);
    assert!(well.contains("48 articles in 1 segment,") && well.contains("all is well"), "{well}");
    assert!(well.lines().count() <= 24 && well.lines().all(|line| line.chars().count() <= 100), "{well}");
    std::fs::remove_dir_all(home.path().join("index/tantivy")).unwrap();
    let ill = despatch(home.path(), &["doctor"]);
    assert_eq!(ill.code, Some(2), "{ill:?}");
    assert!(ill.stdout.contains("tantivy: is missing") && ill.stdout.contains("despatch rebuild"), "{ill:?}");
}
