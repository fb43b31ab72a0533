//! Spreads work over threads and restores its order, with a bound in bytes on the work in progress.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, bounded};

/// Capacity of each queue between threads, in pieces of work.
const QUEUE: usize = 256;

/// A budget of bytes. The reader acquires a [`Held`] for each document and blocks when too little is left. It travels
/// with the document, and then with the article, until that is written.
#[derive(Debug)]
pub(super) struct Room {
    limit: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    closed: bool,
}

/// A permit: a part of the room, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    room: Arc<Room>,
    /// Its size in bytes.
    pub(super) bytes: usize,
}

impl Room {
    /// A budget of `limit` bytes.
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, state: Mutex::default(), freed: Condvar::new() })
    }

    /// Bytes that a writer may gather before it writes; the reader still finds room meanwhile.
    pub(super) fn batch(&self) -> usize {
        self.limit / 4
    }

    /// Takes room for `bytes`, and blocks until there is enough. No permit is larger than half of the room.
    pub(super) fn take(self: &Arc<Self>, bytes: usize) -> Held {
        let bytes = bytes.min(self.limit / 2);
        let mut state = self.state();
        while !state.closed && state.used + bytes > self.limit {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.used += bytes;
        Held { room: Arc::clone(self), bytes }
    }

    /// Ends all waiting: [`Room::take`] no longer blocks.
    fn close(&self) {
        self.state().closed = true;
        self.freed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Gives back what is above `bytes`.
    pub(super) fn shrink(&mut self, bytes: usize) {
        let spare = self.bytes.saturating_sub(bytes);
        self.bytes -= spare;
        self.room.state().used -= spare;
        self.room.freed.notify_all();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.shrink(0);
    }
}

/// Closes the room when the writer ends, even by an error, so that the reader ends too.
struct Closing<'a>(&'a Room);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// One thread runs `read`, one for each core runs a `worker`, and this thread passes their results to `take` in the
/// order in which the work was read.
///
/// # Errors
///
/// The first error of `take` ends all threads and is returned.
pub(super) fn in_order<T: Send, U: Send, W: FnMut(T) -> U, E>(
    room: &Room,
    read: impl FnOnce(&mut dyn FnMut(T) -> ControlFlow<()>) + Send,
    worker: impl Fn() -> W + Sync,
    take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let _closing = Closing(room);
        let (raw_in, raw_out) = bounded::<(u64, T)>(QUEUE);
        let (made_in, made_out) = bounded::<(u64, U)>(QUEUE);
        scope.spawn(move || {
            let mut ordinal = 0;
            read(&mut |one| {
                let sent = raw_in.send((ordinal, one));
                ordinal += 1;
                if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        });
        for _ in 0..threads {
            let (raw_out, made_in, worker) = (raw_out.clone(), made_in.clone(), &worker);
            scope.spawn(move || {
                let mut work = worker();
                for (ordinal, one) in raw_out {
                    if made_in.send((ordinal, work(one))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((raw_out, made_in));
        sort(made_out, take)
    })
}

/// Passes results to `take` in the order of their numbers.
fn sort<U, E>(made: Receiver<(u64, U)>, mut take: impl FnMut(U) -> Result<(), E>) -> Result<(), E> {
    let mut early = BTreeMap::new();
    let mut next = 0u64;
    for (ordinal, one) in made {
        early.insert(ordinal, one);
        while let Some(one) = early.remove(&next) {
            next += 1;
            take(one)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn order_is_kept_and_room_bounds_what_is_under_way() {
        let room = Room::new(100);
        let most = AtomicUsize::new(0);
        let mut gathered = Vec::new();
        let mut seen = Vec::new();
        let done: Result<(), ()> = in_order(
            &room,
            |each| {
                for n in 0..2000usize {
                    let held = room.take(if n == 77 { 100_000 } else { n % 23 });
                    most.fetch_max(room.state().used, Ordering::Relaxed);
                    if each((n, held)).is_break() {
                        return;
                    }
                }
            },
            || {
                |(n, mut held): (usize, Held)| {
                    held.shrink(held.bytes - held.bytes / 3);
                    (n, held)
                }
            },
            |(n, held)| {
                seen.push(n);
                gathered.push(held);
                if gathered.iter().map(|held| held.bytes).sum::<usize>() >= room.batch() {
                    gathered.clear();
                }
                Ok(())
            },
        );
        assert_eq!(done, Ok(()));
        assert!(seen.into_iter().eq(0..2000));
        assert!(most.into_inner() <= 100);
        gathered.clear();
        assert_eq!(room.state().used, 0);
    }

    #[test]
    fn an_error_ends_the_reader_that_waits_for_room() {
        let room = Room::new(10);
        let mut kept = Vec::new();
        let done = in_order(
            &room,
            |each| while each(room.take(5)).is_continue() {},
            || |held| held,
            |held: Held| {
                kept.push(held);
                if kept.len() == 2 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(done, Err("full"));
    }
}
