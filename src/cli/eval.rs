//! `despatch eval`: judged queries.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::output::Output;
use super::request::now;
use super::search::Format;
use super::{Global, Outcome, open_engine};
use crate::eval::{self, Measures};

/// Runs judged queries and prints nDCG@10, MAP, P@10, recall@100 and MRR, as trec_eval computes them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The queries: number, tab, query, one a line
    needs: PathBuf,
    /// The judgements, as TREC writes them: number, 0, article id, grade
    qrels: PathBuf,
    /// Articles to rank for each query
    #[arg(long, value_name = "N", default_value_t = 1000)]
    depth: usize,
    /// Write the ranking here, as TREC reads it
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Print the measures of each query too
    #[arg(long)]
    each: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let read = |path: &PathBuf| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let needs = eval::read_needs(&read(&args.needs)?).with_context(|| args.needs.display().to_string())?;
    let qrels = eval::read_qrels(&read(&args.qrels)?).with_context(|| args.qrels.display().to_string())?;
    let run = eval::run(&mut open_engine(global)?, &needs, args.depth, &now()?)?;
    if let Some(path) = &args.run {
        let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
        eval::write_run(&run, "despatch", &mut file)?;
        file.flush()?;
    }
    let (mean, each) = eval::measure(&run, &qrels);
    for (need, measures) in each.iter().filter(|_| args.each) {
        print(need, measures, args.format, out)?;
    }
    print("all", &mean, args.format, out)?;
    Ok(Outcome::Done)
}

fn print(need: &str, measures: &Measures, format: Format, out: &mut Output) -> anyhow::Result<()> {
    let Measures { ndcg_10: ndcg, map, precision_10: precision, recall_100: recall, mrr } = measures;
    if format == Format::Json {
        let value = serde_json::json!({
            "type": "measures", "need": need, "ndcg@10": ndcg, "map": map, "p@10": precision, "recall@100": recall, "mrr": mrr,
        });
        writeln!(out, "{value}")?;
    } else {
        writeln!(
            out,
            "{need}\tnDCG@10 {ndcg:.4}  MAP {map:.4}  P@10 {precision:.4}  recall@100 {recall:.4}  MRR {mrr:.4}"
        )?;
    }
    Ok(())
}
