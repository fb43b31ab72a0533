//! `despatch eval`.

use super::Desk;

#[test]
fn an_earlier_run_is_compared_and_refused_needs_are_named() {
    let desk = Desk::new();
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "title": id, "text": text}).to_string();
    let lines = [line("a", "ferries sail"), line("b", "ferries sink, ferries burn"), line("c", "bridges fall")];
    desk.file("news.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    desk.file("topics.txt", "<top>\n<num> Number: 01\n<title> Topic: ferries\n<desc> Description:\nbridges\n</top>\n");
    desk.file("qrels.txt", "1 0 b 1\n");
    desk.file("earlier.txt", "1 Q0 a 1 2.0 x\n1 Q0 b 2 1.0 x\n");
    let lines = desk.json(&[
        "eval",
        "topics.txt",
        "qrels.txt",
        "--run",
        "out.txt",
        "--against",
        "earlier.txt",
        "--format",
        "json",
    ]);
    assert_eq!(lines[0]["ndcg@10"].as_f64(), Some(1.0));
    let change = lines.iter().find(|line| line["measure"] == "mrr").unwrap();
    assert_eq!((change["difference"].as_f64(), change["better"].as_u64()), (Some(0.5), Some(1)));
    let run = std::fs::read_to_string(desk.path().join("out.txt")).unwrap();
    assert!(run.starts_with("1 Q0 b 1 "), "{run}");
    let described = desk.json(&["eval", "topics.txt", "qrels.txt", "--field", "desc", "--format", "json"]);
    assert_eq!(described[0]["ndcg@10"].as_f64(), Some(0.0));
    desk.file("bad.tsv", "1\tferries date:soon\n");
    let bad = desk.run(&["eval", "bad.tsv", "qrels.txt"]);
    assert!(bad.code == 0 && bad.stderr.contains("need 1: 'soon' is no date"), "{}", bad.stderr);
}
