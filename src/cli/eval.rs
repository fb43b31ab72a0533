//! `despatch eval`: judged queries.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;

use super::backend::BackendArgs;
use super::format::Format;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome};
use crate::eval::{self, Measures};

/// Runs judged queries and measures the ranking.
///
/// Prints nDCG@10, MAP, P@10, recall@100 and MRR, as trec_eval computes them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The queries: number, tab, query, one a line; or JSON Lines with id and query; or TREC's `<top>` blocks
    needs: PathBuf,
    /// The judgements, as TREC writes them: number, 0, article id, grade
    qrels: PathBuf,
    /// Articles to rank for each query
    #[arg(long, value_name = "N", default_value_t = 1000)]
    depth: usize,
    /// The part of a need to search for, where it has a title and a description
    #[arg(long, value_enum, value_name = "PART", default_value_t = Field::Title)]
    field: Field,
    /// Rank short queries by their own words alone
    #[arg(long)]
    no_feedback: bool,
    /// Write the ranking here, as TREC reads it
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Compare with an earlier ranking: the change of each measure, and the probability that chance alone did it
    /// (Fisher's randomisation test, paired, two-sided)
    #[arg(long, value_name = "RUN")]
    against: Option<PathBuf>,
    /// Print the measures of each query too, and its change
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    backend: BackendArgs,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The part of a need that is the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Field {
    /// The title
    Title,
    /// The description
    Desc,
    /// Title and description
    Both,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let read = |path: &PathBuf| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let part = match args.field {
        Field::Title => eval::Part::Title,
        Field::Desc => eval::Part::Description,
        Field::Both => eval::Part::Both,
    };
    let needs = eval::read_needs(&read(&args.needs)?, part).with_context(|| args.needs.display().to_string())?;
    let qrels = eval::read_qrels(&read(&args.qrels)?).with_context(|| args.qrels.display().to_string())?;
    let earlier = match &args.against {
        Some(path) => Some(eval::read_run(&read(path)?).with_context(|| path.display().to_string())?),
        None => None,
    };
    let options = eval::Options { depth: args.depth, feedback: !args.no_feedback, now: now(global)? };
    let (run, refused) = eval::run(&mut *args.backend.engine(global)?, &needs, &options)?;
    for (need, why) in refused {
        out.warn(&format!("need {need}: {why}; it counts as one that found nothing"));
    }
    if let Some(path) = &args.run {
        let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
        eval::write_run(&run, "despatch", &mut file)?;
        file.flush()?;
    }
    let (mean, each) = eval::measure(&run, &qrels);
    let before = earlier.map(|earlier| eval::measure(&earlier, &qrels));
    for (need, measures) in each.iter().filter(|_| args.each) {
        print(need, measures, args.format, out)?;
        if let Some(earlier) = before.as_ref().and_then(|(_, before)| before.get(need)) {
            print_change(need, earlier, measures, args.format, out)?;
        }
    }
    print("all", &mean, args.format, out)?;
    if let Some((earlier_mean, earlier)) = before {
        print("earlier", &earlier_mean, args.format, out)?;
        print_changes(&earlier, &each, args.format, out)?;
    }
    Ok(Outcome::Done)
}

/// What a query gained or lost.
fn print_change(
    need: &str,
    earlier: &Measures,
    later: &Measures,
    format: Format,
    out: &mut Output,
) -> anyhow::Result<()> {
    let (ndcg, map) = (later.ndcg_10 - earlier.ndcg_10, later.map - earlier.map);
    if format == Format::Json {
        let value = serde_json::json!({"type": "need-change", "need": need, "ndcg@10": ndcg, "map": map});
        writeln!(out, "{value}")?;
    } else if ndcg.abs().max(map.abs()) > 1e-9 {
        writeln!(out, "{need}\tchange {ndcg:+.4}     {map:+.4}")?;
    }
    Ok(())
}

fn print_changes(
    earlier: &BTreeMap<String, Measures>,
    later: &BTreeMap<String, Measures>,
    format: Format,
    out: &mut Output,
) -> anyhow::Result<()> {
    for change in eval::changes(earlier, later) {
        let eval::Change { measure, difference, better, worse, same, p } = change;
        if format == Format::Json {
            let value = serde_json::json!({
                "type": "change", "measure": measure, "difference": difference, "better": better, "worse": worse,
                "same": same, "p": p, "test": "randomisation",
            });
            writeln!(out, "{value}")?;
        } else {
            writeln!(
                out,
                "change\t{measure:<10} {difference:+.4}  {better} better, {worse} worse, {same} same; p = {p:.4} (randomisation test)"
            )?;
        }
    }
    Ok(())
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
