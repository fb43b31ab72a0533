//! Engines for many who ask at once, each on a thread of its own, over one index directory.
//!
//! A [`LocalEngine`] answers one question at a time and cannot be shared. So the questions wait in one queue, and
//! whichever engine is free takes the next. The queue is short: a question that finds it full is refused at once, which
//! tells the asker more than an answer that comes when nobody waits for it any more.
//!
//! * Each question sees archive and index as they are at one moment. A writer that commits, or replaces the index, is
//!   seen by the next question; a question under way ends on what it began with.
//! * Between questions nothing is held: writers can empty the archive's log, and the files of an index that was
//!   replaced are let go within [`IDLE`].
//! * A question that takes too long, or whose asker has left, is stopped, so that it does not keep a core from others.
//!   Its engine is thrown away.
//!
//! ```
//! # use despatch::authority::Authority;
//! # use despatch::ingest::{self, Ingest};
//! use despatch::engine::{Engine, SearchRequest};
//! use despatch::pool::{Limits, Pool, PoolError};
//!
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # std::fs::write(articles.join("talks.md"), "# UK and EU resume SAFE talks\n\nThe two sides met in Brussels.")?;
//! let now = "2026-03-01".parse()?;
//! # ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! let pool = Pool::new(&index, Limits::default())?;
//! let request = SearchRequest::new("SAFE talks", now);
//! let found = pool.ask_and_wait(move |engine| Ok::<_, PoolError>(engine.search(&request)?))?;
//! assert_eq!(found.total, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError};
use tokio::sync::oneshot;

use crate::authority::Authority;
use crate::directory::headings;
use crate::engine::{EngineError, LocalEngine};
use crate::fence;
use crate::index::stamp;
use crate::ingest::{self, IngestError};

/// How often an engine without a question looks whether its index was replaced.
const IDLE: Duration = Duration::from_secs(1);
/// What an answer that is late may take more than its time, to be stopped and reported by its engine.
const GRACE: Duration = Duration::from_secs(1);

/// How much is done for those who ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Engines.
    pub threads: usize,
    /// Questions that wait for an engine, at most.
    pub waiting: usize,
    /// How long a question may take, the time that it waits included.
    pub time: Duration,
}

impl Default for Limits {
    /// An engine for each core, at most 8; 64 questions that wait; 10 seconds.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        Self { threads, waiting: 64, time: Duration::from_secs(10) }
    }
}

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// As many questions wait as may: ask again in a moment.
    #[error("too many questions wait for an answer")]
    Busy,
    /// It took longer than it may.
    #[error("the answer took longer than {} s", .0.as_secs_f32())]
    Late(Duration),
    /// The index cannot be opened.
    #[error(transparent)]
    Index(Box<IngestError>),
    /// The engine failed, or the question is wrong.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine panicked: a bug of the program, or damaged files.
    #[error("the program gave up on this question")]
    Fault,
}

/// What a question is put to: an engine, or the reason why there is none.
type Asked<'e, 'a> = Result<&'e mut LocalEngine<'a>, PoolError>;

/// A question that waits.
struct Job {
    /// When its answer comes too late.
    late: Instant,
    /// Set once nobody waits for it.
    unwanted: Arc<AtomicBool>,
    run: Box<dyn FnOnce(Asked<'_, '_>) + Send>,
}

/// Says that an answer is unwanted when who waits for it leaves.
#[derive(Default)]
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Engines over one index directory. Dropping it ends them after the questions that wait.
#[derive(Clone)]
pub struct Pool {
    jobs: Sender<Job>,
    time: Duration,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("waiting", &self.jobs.len()).field("time", &self.time).finish()
    }
}

impl Pool {
    /// Starts the engines; each opens the index when it is first asked.
    ///
    /// # Errors
    ///
    /// Fails where the system starts no more threads.
    pub fn new(dir: &Path, limits: Limits) -> std::io::Result<Self> {
        let (jobs, queue) = crossbeam_channel::bounded::<Job>(limits.waiting.max(1));
        let dir: Arc<Path> = dir.into();
        for _ in 0..limits.threads.max(1) {
            let (dir, queue) = (dir.clone(), queue.clone());
            let engine = std::thread::Builder::new().name("engine".to_owned());
            engine.spawn(move || work(&dir, &queue, limits.time))?;
        }
        Ok(Self { jobs, time: limits.time })
    }

    /// Puts a question to the next engine that is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Busy`], [`PoolError::Late`] and so on, as the question's own kind of error; or what it fails with.
    pub async fn ask<T, E>(
        &self,
        question: impl FnOnce(&mut LocalEngine<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<PoolError> + Send + 'static,
    {
        let (begun, asker) = (Instant::now(), Asker::default());
        let (told, answer) = oneshot::channel();
        self.put(&asker, move |asked| {
            let _ = told.send(asked.map_err(E::from).and_then(question)); // the asker may have left
        })?;
        match tokio::time::timeout(self.time + GRACE, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(self.lost(begun).into()),
        }
    }

    /// As [`Pool::ask`], for callers without an asynchronous runtime: blocks until the answer is there.
    ///
    /// # Errors
    ///
    /// As [`Pool::ask`].
    pub fn ask_and_wait<T, E>(
        &self,
        question: impl FnOnce(&mut LocalEngine<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<PoolError> + Send + 'static,
    {
        let (begun, asker) = (Instant::now(), Asker::default());
        let (told, answer) = crossbeam_channel::bounded(1);
        self.put(&asker, move |asked| {
            let _ = told.send(asked.map_err(E::from).and_then(question)); // the asker may have left
        })?;
        answer.recv_timeout(self.time + GRACE).unwrap_or_else(|_| Err(self.lost(begun).into()))
    }

    /// Why a question of this time has no answer: its engine was stopped, or panicked.
    fn lost(&self, begun: Instant) -> PoolError {
        if begun.elapsed() >= self.time { PoolError::Late(self.time) } else { PoolError::Fault }
    }

    /// Questions that wait for an engine.
    pub fn waiting(&self) -> usize {
        self.jobs.len()
    }

    fn put(&self, asker: &Asker, run: impl FnOnce(Asked<'_, '_>) + Send + 'static) -> Result<(), PoolError> {
        let job = Job { late: Instant::now() + self.time, unwanted: asker.0.clone(), run: Box::new(run) };
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => PoolError::Busy,
            TrySendError::Disconnected(_) => PoolError::Fault,
        })
    }
}

/// Answers questions until nobody can ask any more. An engine that panicked or was stopped is not used again.
fn work(dir: &Path, queue: &Receiver<Job>, time: Duration) {
    let mut next = None;
    while let Some(job) = next.take().or_else(|| queue.recv().ok()) {
        next = answer_with_one(dir, job, queue, time);
    }
}

/// Opens the index, and answers with it until it changes; gives the question that saw the change.
fn answer_with_one(dir: &Path, first: Job, queue: &Receiver<Job>, time: Duration) -> Option<Job> {
    let made = stamp(dir);
    let own = match headings::for_reading(dir) {
        Ok(own) => own,
        Err(error) => return refuse(first, error.into()),
    };
    let authority = match &own {
        Some(own) => own,
        None => Authority::bundled(),
    };
    let mut engine = match ingest::open(dir, authority) {
        Ok((archive, index)) => LocalEngine::new(archive, index, authority),
        Err(error) => return refuse(first, error),
    };
    let held = engine.archive().last_seq().ok()?;
    let mut job = first;
    loop {
        answer(&mut engine, job, time)?;
        engine.archive().release().ok()?;
        job = loop {
            match queue.recv_timeout(IDLE) {
                Ok(job) => break job,
                Err(RecvTimeoutError::Timeout) if stamp(dir) == made => {}
                Err(_) => return None,
            }
        };
        let same = engine.archive().hold().is_ok_and(|last| last == held) && stamp(dir) == made;
        if !same {
            return Some(job);
        }
    }
}

/// Says why there is no engine.
fn refuse(job: Job, error: IngestError) -> Option<Job> {
    (job.run)(Err(PoolError::Index(Box::new(error))));
    None
}

/// Answers a question; `None` where the engine is in no state to answer another.
fn answer(engine: &mut LocalEngine<'_>, job: Job, time: Duration) -> Option<()> {
    if job.unwanted.load(Ordering::Relaxed) {
        return Some(());
    }
    let left = job.late.saturating_duration_since(Instant::now());
    if left.is_zero() {
        (job.run)(Err(PoolError::Late(time)));
        return Some(());
    }
    fence::within(left, job.unwanted, || (job.run)(Ok(engine))).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::engine::{Engine, SearchRequest};
    use crate::ingest::Ingest;

    /// An index directory with an article of each of these words, in the folder `index` of another.
    fn index_of(words: &[&str]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        words.iter().for_each(|word| add(home.path(), word));
        home
    }

    fn add(home: &Path, word: &str) {
        let articles = home.join("articles");
        std::fs::create_dir_all(&articles).unwrap();
        let text = format!("# Alda and the {word}\n\nThe {word} of Alda was seen in Port Varna on Monday.");
        std::fs::write(articles.join(format!("{word}.md")), text).unwrap();
        let ingest = Ingest::new(home.join("index"), [articles], "2026-03-01".parse().unwrap());
        ingest::run(&ingest, Authority::bundled(), &mut |_| {}).unwrap();
    }

    fn total(pool: &Pool, query: &str) -> u64 {
        let request = SearchRequest::new(query, "2026-03-01".parse().unwrap());
        pool.ask_and_wait(move |engine| Ok::<_, PoolError>(engine.search(&request)?.total)).unwrap()
    }

    fn pool(home: &Path, limits: Limits) -> Pool {
        Pool::new(&home.join("index"), limits).unwrap()
    }

    const ONE: Limits = Limits { threads: 1, waiting: 1, time: Duration::from_secs(60) };

    /// A question that says when it has begun, and ends when it is told to.
    fn occupy(pool: &Pool) -> (mpsc::Sender<()>, std::thread::JoinHandle<()>) {
        let (end, ended) = mpsc::channel();
        let (begin, begun) = mpsc::channel();
        let pool = pool.clone();
        let asker = std::thread::spawn(move || {
            let question = move |_: &mut LocalEngine<'_>| {
                begin.send(()).unwrap();
                let _ = ended.recv();
                Ok::<_, PoolError>(())
            };
            pool.ask_and_wait(question).unwrap();
        });
        begun.recv().unwrap();
        (end, asker)
    }

    #[test]
    fn a_question_sees_what_was_committed_before_it() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), Limits { threads: 2, ..ONE });
        assert_eq!((total(&pool, "Alda"), total(&pool, "corvette")), (1, 0));
        add(home.path(), "corvette");
        assert_eq!((total(&pool, "Alda"), total(&pool, "corvette")), (2, 1));
        ingest::rebuild(&home.path().join("index"), Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap();
        assert_eq!((total(&pool, "Alda"), total(&pool, "corvette")), (2, 1));
    }

    #[test]
    fn nothing_is_held_between_two_questions() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), ONE);
        assert_eq!(total(&pool, "Alda"), 1);
        add(home.path(), "corvette"); // which empties the log at its end
        assert_eq!(std::fs::metadata(home.path().join("index/archive.db-wal")).map_or(0, |log| log.len()), 0);
    }

    #[test]
    fn a_question_is_refused_where_too_many_wait() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), ONE);
        let (end, asker) = occupy(&pool);
        pool.put(&Asker::default(), |_| {}).unwrap();
        assert_eq!(pool.waiting(), 1);
        let refused = pool.ask_and_wait(|_| Ok::<_, PoolError>(())).unwrap_err();
        assert!(matches!(refused, PoolError::Busy), "{refused}");
        end.send(()).unwrap();
        asker.join().unwrap();
    }

    #[test]
    fn a_late_question_is_stopped() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), Limits { time: Duration::from_millis(50), ..ONE });
        let (stopped, seen) = mpsc::channel::<()>();
        let endless = move |_: &mut LocalEngine<'_>| {
            let _dropped = stopped;
            loop {
                fence::check();
            }
            #[allow(unreachable_code)]
            Ok::<(), PoolError>(())
        };
        let late = pool.ask_and_wait(endless).unwrap_err();
        assert!(matches!(late, PoolError::Late(_)), "{late}");
        assert!(seen.recv().is_err(), "the loop has ended");
    }

    #[tokio::test]
    async fn a_question_whose_asker_leaves_is_stopped() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), ONE);
        let (begin, begun) = oneshot::channel();
        let (stopped, seen) = oneshot::channel::<()>();
        let endless = move |_: &mut LocalEngine<'_>| {
            let _dropped = stopped;
            begin.send(()).unwrap();
            loop {
                fence::check();
            }
            #[allow(unreachable_code)]
            Ok::<(), PoolError>(())
        };
        tokio::select! {
            _ = pool.ask(endless) => panic!("it has no answer"),
            begun = begun => begun.unwrap(),
        }
        assert!(seen.await.is_err(), "the loop has ended");
    }

    #[test]
    fn a_panic_ends_one_question_alone() {
        let home = index_of(&["frigate"]);
        let pool = pool(home.path(), ONE);
        let bug = |_: &mut LocalEngine<'_>| -> Result<(), PoolError> { std::panic::resume_unwind(Box::new("a bug")) };
        assert!(matches!(pool.ask_and_wait(bug), Err(PoolError::Fault)));
        assert_eq!(total(&pool, "Alda"), 1);
    }

    #[tokio::test]
    async fn an_index_that_comes_later_is_found() {
        let home = tempfile::tempdir().unwrap();
        let pool = pool(home.path(), ONE);
        let question = |engine: &mut LocalEngine<'_>| Ok::<_, PoolError>(engine.upto());
        assert!(matches!(pool.ask(question).await, Err(PoolError::Index(_))));
        add(home.path(), "frigate");
        assert!(pool.ask(question).await.is_ok());
    }
}
