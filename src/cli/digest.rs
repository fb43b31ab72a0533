//! `despatch digest`: news to be sent.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{ValueEnum, ValueHint};

use super::new::{failure, needs, open, say_nothing};
use super::output::Output;
use super::request::now;
use super::{Global, Outcome};
use crate::archive::telling::{Digest, DigestState, TRIES};
use crate::archive::{Archive, ArchiveError, Batch};
use crate::article::Moment;
use crate::directory::{self, TaskLock};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::render::{Marks, Style, clean};
use crate::telling::{self, LISTED, Letter, Message, News, Wish, hand_over};

/// Stories of earlier digests that a feed keeps.
const FEED: usize = 200;
/// Columns of a text.
const COLUMNS: usize = 76;

/// Sends the stories that came in since the last digest, or writes them to a file.
///
/// It chooses stories as `despatch new` does, for a mark of its own. They are given to a program, put into a file or
/// printed, and count as told once the program has ended with 0 or the file is written. Until then the same message is
/// handed over again, five times, and then set aside. Where nothing is new, nothing is sent.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Saved searches; without one, those saved with `save --alert`, else all stories
    #[arg(value_name = "@SEARCH")]
    searches: Vec<String>,
    /// Name of the mark; what was told under one name is still new under another
    #[arg(long, value_name = "NAME", default_value = "digest")]
    mark: String,
    /// Form of the message
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Who gets it, for the head of the message; the setting digest-to, if not given
    #[arg(long, value_name = "ADDR")]
    to: Option<String>,
    /// Write it to this file, which is replaced when it is whole; - is standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "exec")]
    output: Option<PathBuf>,
    /// Give it to this program on standard input; the setting digest-exec, if not given. No shell reads it
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    /// Send a message where nothing is new, too
    #[arg(long)]
    empty: bool,
    /// Stories of each search to tell; the others come next time
    #[arg(short = 'n', long, value_name = "N", default_value_t = LISTED)]
    limit: usize,
    /// Hand over a digest again: the last one, or this
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["searches", "drop", "list"])]
    again: Option<String>,
    /// Give up a digest that was not handed over; its stories come with the next one
    #[arg(long, value_name = "ID", conflicts_with_all = ["searches", "list"])]
    drop: Option<String>,
    /// List the last digests, and what became of them
    #[arg(long)]
    list: bool,
    /// Wait this long for another process that writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// Markdown, for notes
    #[value(alias = "markdown")]
    Md,
    /// JSON Lines
    #[value(alias = "jsonl")]
    Json,
    /// A message for a mail program: text and HTML
    Eml,
    /// A feed of the last 200 stories
    Atom,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Md => "md",
            Self::Json => "json",
            Self::Eml => "eml",
            Self::Atom => "atom",
        }
    }
}

/// Where a message goes; `None` for standard output.
type Target = Option<Message>;

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let needs = needs(&args.searches, &args.mark, global, &now)?;
    if args.list {
        return list(args, global, out);
    }
    if let Some(id) = &args.drop {
        return drop_one(id, args, global, out);
    }
    let desk = Desk { args, global, now, target: target(args, global)?, to: recipients(args, global)? };
    Archive::open(&global.index).map_err(IngestError::from)?; // no lock is left where there is no index
    let wait = Duration::from_secs(args.wait);
    let _alone = TaskLock::digest(&global.index, wait).map_err(IngestError::from)?;
    if let Some(id) = &args.again {
        return desk.again(id, out);
    }
    let waiting = desk.digests(DigestState::Waiting)?;
    for digest in &waiting {
        desk.say_as_made(digest, out);
        if !desk.deliver(digest, out)? {
            return Ok(Outcome::PartlyFailed);
        }
        out.note(&format!("handed over: {}", desk.named(digest)));
    }
    let stuck = desk.digests(DigestState::Stuck)?;
    for digest in &stuck {
        out.warn(&format!(
            "digest {0} was refused {TRIES} times: `despatch digest --again {0}` hands it over, --drop {0} gives it up",
            digest.id
        ));
    }
    let nothing = if waiting.is_empty() { "nothing new" } else { "nothing new since then" };
    let outcome = match desk.fresh(&needs, nothing, out)? {
        Some(true) => Outcome::Done,
        Some(false) => Outcome::PartlyFailed,
        None if waiting.is_empty() => Outcome::NothingFound,
        None => Outcome::Done,
    };
    Ok(if stuck.is_empty() { outcome } else { Outcome::PartlyFailed })
}

/// What the steps of a digest share.
struct Desk<'a> {
    args: &'a Args,
    global: &'a Global,
    now: Moment,
    target: Target,
    /// Who gets messages, as far as these say so.
    to: Vec<String>,
}

impl Desk<'_> {
    /// A digest in words.
    fn named(&self, digest: &Digest) -> String {
        let made = digest.made.to_zoned(self.global.settings.time_zone()).strftime("%Y-%m-%d %H:%M");
        format!("digest {} of {made}, {}", digest.id, number_of(digest.stories, "story"))
    }

    /// Says where a digest was made otherwise than it would be now: its bytes stay as they are, whatever is asked for.
    fn say_as_made(&self, digest: &Digest, out: &Output) {
        let mut made = Vec::new();
        if digest.form != self.args.format.name() {
            made.push(format!("as {}", digest.form));
        }
        let to = telling::recipients(digest.body.as_deref().unwrap_or_default());
        if digest.form == Form::Eml.name() && to != self.to {
            made.push(if to.is_empty() { "to nobody".to_owned() } else { format!("to {}", to.join(", ")) });
        }
        if !made.is_empty() {
            let (made, id) = (made.join(" "), &digest.id);
            out.note(&format!("digest {id} goes out as it was made, {made}; for a new one: --drop {id}"));
        }
    }

    /// The digests of the mark that are in a state.
    fn digests(&self, state: DigestState) -> anyhow::Result<Vec<Digest>> {
        let archive = Archive::open(&self.global.index).map_err(IngestError::from)?;
        let all = archive.digests(Some(&self.args.mark)).map_err(IngestError::from)?;
        Ok(all.into_iter().filter(|digest| digest.state == state).collect())
    }

    /// Makes sure, before anything is printed, that it can be noted.
    fn check_writable(&self) -> Result<(), IngestError> {
        Ok(directory::check_writable(&self.global.index, Duration::from_secs(self.args.wait))?)
    }

    fn write<T>(&self, work: impl FnOnce(&Batch<'_>) -> Result<T, ArchiveError>) -> Result<T, IngestError> {
        write(self.global, self.args.wait, work)
    }

    /// Makes a digest of what is new and hands it over; `None` where nothing is new, which it says in these words, else
    /// whether it was taken.
    fn fresh(&self, needs: &[telling::Need], words: &str, out: &mut Output) -> anyhow::Result<Option<bool>> {
        let (mut engine, mut archive) = open(self.global)?;
        let wish = Wish { limit: self.args.limit, ..Wish::new(&self.args.mark, self.now) };
        let news = telling::choose(&mut engine, &mut archive, needs, &wish).map_err(failure)?;
        news.notes.iter().for_each(|note| out.note(note));
        let nothing = news.stories().is_empty();
        if nothing && !self.args.empty {
            say_nothing(&news, words, out);
            drop((engine, archive));
            self.begin(&news)?;
            return Ok(None);
        }
        let last = archive.last_digest().map_err(IngestError::from)?;
        let id = telling::identifier(&news, last);
        let body = self.body(&news, &id, &mut archive)?;
        drop((engine, archive)); // a reader would keep the writer from emptying the log
        let digest = Digest {
            num: 0,
            id,
            mark: news.mark.clone(),
            made: jiff::Timestamp::from_second(self.now.seconds()).unwrap_or_default(),
            state: DigestState::Waiting,
            tries: 0,
            stories: news.stories().len() as u64,
            form: self.args.format.name().to_owned(),
            body: Some(body),
        };
        self.check_writable()?;
        let taken = if self.target.is_none() || nothing {
            self.hand(digest.body.as_deref().unwrap_or_default(), out)?;
            if nothing {
                self.begin(&news)?;
            } else {
                self.keep(&digest, &news, last, true)?;
            }
            true
        } else {
            let num = self.keep(&digest, &news, last, false)?;
            self.deliver(&Digest { num, ..digest }, out)?
        };
        Ok(if nothing && taken { None } else { Some(taken) })
    }

    /// Makes the marks that are new, so that they stay where they begin however long nothing is new to them.
    fn begin(&self, news: &News) -> anyhow::Result<()> {
        let new = news.beginnings();
        if !new.is_empty() {
            self.write(|batch| batch.move_marks(&news.mark, &new, self.now.seconds()))?;
        }
        Ok(())
    }

    /// Keeps a digest, and its stories as told where it `is_done`.
    fn keep(&self, digest: &Digest, news: &News, last: u64, is_done: bool) -> anyhow::Result<u64> {
        let now = self.now.seconds();
        let archive = Archive::open(&self.global.index).map_err(IngestError::from)?;
        if archive.last_digest().map_err(IngestError::from)? != last {
            bail!("another run has made a digest meanwhile: run this one again");
        }
        drop(archive);
        let kept = self.write(|batch| {
            let num = batch.keep_digest(digest, &news.moves)?;
            if is_done {
                batch.end_digest(num, DigestState::Done, now)?;
            }
            Ok(num)
        });
        Ok(kept?)
    }

    /// Hands over a digest that is kept, and notes what came of it; whether it was taken.
    fn deliver(&self, digest: &Digest, out: &mut Output) -> anyhow::Result<bool> {
        let now = self.now.seconds();
        let Some(body) = &digest.body else { return Ok(true) };
        self.check_writable()?;
        let tries = match self.target {
            Some(_) => self.write(|batch| batch.try_digest(digest.num))?,
            None => 0,
        };
        if self.target.is_some() && tries == 0 {
            return Ok(true); // it was dropped meanwhile, with an article that was removed
        }
        match self.hand(body, out) {
            Ok(()) => {
                self.write(|batch| batch.end_digest(digest.num, DigestState::Done, now))?;
                Ok(true)
            }
            Err(error) if self.target.is_some() => {
                out.warn(&format!("digest {} was not taken: {error:#}", digest.id));
                if tries >= TRIES {
                    self.write(|batch| batch.end_digest(digest.num, DigestState::Stuck, now))?;
                    out.warn(&format!(
                        "that was attempt {tries}, the last one: later news is sent without it; \
                         `despatch digest --again {0}` hands it over, --drop {0} gives it up",
                        digest.id
                    ));
                } else {
                    out.hint(&format!("the next run hands over the same message again (attempt {tries} of {TRIES})"));
                }
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Hands over bytes.
    fn hand(&self, bytes: &[u8], out: &mut Output) -> anyhow::Result<()> {
        match &self.target {
            Some(message) => Ok(hand_over(message, bytes).map_err(failure)?),
            None => {
                out.write_all(bytes)?;
                Ok(out.finish()?)
            }
        }
    }

    /// Hands over a digest again, the same bytes.
    fn again(&self, id: &str, out: &mut Output) -> anyhow::Result<Outcome> {
        let archive = Archive::open(&self.global.index).map_err(IngestError::from)?;
        let mark = Some(self.args.mark.as_str()).filter(|_| id.is_empty());
        let all = archive.digests(mark).map_err(IngestError::from)?;
        drop(archive);
        let named = |digest: &&Digest| digest.id.starts_with(id);
        let Some(digest) = all.iter().rev().find(|digest| named(digest) && digest.body.is_some()) else {
            match all.iter().rev().find(named) {
                Some(gone) => bail!("{} is gone for good: {}", self.named(gone), why_gone(gone)),
                None if id.is_empty() => bail!("no digest was made yet for the mark {}", self.args.mark),
                None => bail!("no digest begins with '{id}': --list names them"),
            }
        };
        self.say_as_made(digest, out);
        self.hand(digest.body.as_deref().unwrap_or_default(), out)?;
        if matches!(digest.state, DigestState::Waiting | DigestState::Stuck) {
            self.write(|batch| batch.end_digest(digest.num, DigestState::Done, self.now.seconds()))?;
        }
        Ok(Outcome::Done)
    }

    fn body(&self, news: &News, id: &str, archive: &mut Archive) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        match self.args.format {
            Form::Text => {
                let style = Style { colored: false, linked: false, marks: Marks::None, width: COLUMNS };
                telling::text(news, &style, &mut body)?;
            }
            Form::Md => telling::markdown(news, &mut body)?,
            Form::Json => {
                let header = serde_json::json!({
                    "type": "digest", "format": 1, "digest": id, "archive": news.archive, "mark": news.mark,
                    "from": news.revision(news.from()), "to": news.revision(news.upto), "stories": news.stories().len(),
                    "notes": news.notes,
                });
                writeln!(body, "{header}")?;
                telling::json(news, &mut body)?;
            }
            Form::Eml => {
                body = telling::mail(news, &Letter { id, to: &self.to, now: self.now }).map_err(failure)?;
            }
            Form::Atom => {
                let before = FEED.saturating_sub(news.stories().len());
                let before = telling::told_before(archive, &self.args.mark, before).map_err(IngestError::from)?;
                let now = jiff::Timestamp::from_second(self.now.seconds()).unwrap_or_default();
                body = telling::atom(news, now, &before).map_err(failure)?;
            }
        }
        Ok(body)
    }
}

/// Why the message of a digest is not kept any more.
fn why_gone(digest: &Digest) -> &'static str {
    match digest.state {
        DigestState::Dropped => {
            "it was dropped, or an article in it was removed before it was sent; its other stories come in the next digest"
        }
        _ => "an article in it was taken out since",
    }
}

/// Who gets messages: as the option says, else the setting.
fn recipients(args: &Args, global: &Global) -> anyhow::Result<Vec<String>> {
    const EXPECTED: &str = "a line of addresses: ada@example.org, Bo <bo@example.org>";
    if let Some(to) = &args.to {
        return telling::addresses(to).with_context(|| format!("--to is to be {EXPECTED}"));
    }
    let Some(setting) = global.settings.get("digest-to").filter(|setting| !setting.values.concat().is_empty()) else {
        return Ok(Vec::new());
    };
    Ok(telling::addresses(&setting.values.join(", ")).ok_or_else(|| setting.refused(EXPECTED))?)
}

/// Where the message goes: as the options say, else to the program of the settings.
fn target(args: &Args, global: &Global) -> anyhow::Result<Target> {
    if let Some(file) = &args.output {
        return Ok((file.as_os_str() != "-").then(|| Message::File(file.clone())));
    }
    let command = args.exec.as_deref().or_else(|| global.settings.value("digest-exec"));
    let Some(command) = command else { return Ok(None) };
    let words = shlex::split(command).filter(|words| !words.is_empty());
    Ok(Some(Message::Program(words.with_context(|| format!("'{command}' cannot be read as a command"))?)))
}

fn write<T>(
    global: &Global,
    wait: u64,
    work: impl FnOnce(&Batch<'_>) -> Result<T, ArchiveError>,
) -> Result<T, IngestError> {
    directory::write_existing(&global.index, Duration::from_secs(wait), |mut archive| {
        let batch = archive.batch()?;
        let done = work(&batch)?;
        batch.commit()?;
        Ok(done)
    })
}

fn drop_one(id: &str, args: &Args, global: &Global, out: &Output) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let all = archive.digests(None).map_err(IngestError::from)?;
    drop(archive);
    let open = |digest: &&Digest| matches!(digest.state, DigestState::Waiting | DigestState::Stuck);
    let Some(digest) = all.iter().filter(open).find(|digest| !id.is_empty() && digest.id.starts_with(id)) else {
        bail!("no digest that waits to be handed over begins with '{id}': --list names them");
    };
    write(global, args.wait, |batch| batch.drop_digest(digest.num))?;
    out.note(&format!(
        "dropped; its {} with the next digest",
        match digest.stories {
            1 => "story comes".to_owned(),
            some => format!("{} come", number_of(some, "story")),
        }
    ));
    Ok(Outcome::Done)
}

fn list(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let all = archive.digests(None).map_err(IngestError::from)?;
    let json = args.format == Form::Json;
    for digest in &all {
        let Digest { id, mark, made, state, tries, stories, form, body, .. } = digest;
        if json {
            let line = serde_json::json!({
                "type": "digest", "digest": id, "mark": mark, "made": made.to_string(), "state": state.name(),
                "tries": tries, "stories": stories, "form": form, "kept": body.is_some(),
            });
            writeln!(out, "{line}")?;
        } else {
            let made = made.to_zoned(global.settings.time_zone()).strftime("%Y-%m-%d %H:%M");
            let stories = number_of(*stories, "story");
            let gone = if body.is_none() { ", not kept any more" } else { "" };
            writeln!(out, "{id}  {made}  {:<7}  {stories}, {form}, mark {}{gone}", state.name(), clean(mark))?;
        }
    }
    if all.is_empty() {
        out.say("no digest was made yet");
    }
    Ok(if all.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}
