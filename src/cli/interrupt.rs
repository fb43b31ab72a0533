//! Ctrl-C while articles are written.

/// From now on Ctrl-C prints that nothing is lost and then ends the process, at once.
///
/// Nothing needs tidying up: what is committed is in the archive, what is not is read again by the next run, and the
/// system frees the lock. The process ends by the signal, which a shell reports as exit code 130.
#[cfg(unix)]
pub(super) fn reassure() {
    use std::io::Write;
    use std::sync::mpsc;
    use std::time::Duration;

    use signal_hook::consts::SIGINT;

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT]) else {
        return; // Ctrl-C then ends the process without a message
    };
    std::thread::spawn(move || {
        if signals.forever().next().is_none() {
            return;
        }
        let (told, wait) = mpsc::channel();
        // On a thread of its own, because the write blocks where nobody reads standard error.
        std::thread::spawn(move || {
            let text = "\nstopped: what was committed is kept; the same command again goes on from there";
            let _ = writeln!(std::io::stderr(), "{text}"); // nowhere else to report it
            let _ = told.send(());
        });
        let _ = wait.recv_timeout(Duration::from_millis(200)); // printed or not, the process ends now
        let _ = signal_hook::low_level::emulate_default_handler(SIGINT);
    });
}

/// From now on the signal by which a service is ended (SIGTERM) sets `stop`; the work in hand comes to its end.
#[cfg(all(unix, feature = "fetch"))]
pub(super) fn end_gently(stop: &std::sync::Arc<std::sync::atomic::AtomicBool>) {
    // Where that fails, the signal ends the process at once, which loses nothing either.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGTERM, std::sync::Arc::clone(stop));
}

/// The system ends the process.
#[cfg(all(not(unix), feature = "fetch"))]
pub(super) fn end_gently(_: &std::sync::Arc<std::sync::atomic::AtomicBool>) {}

/// Ctrl-C ends the process.
#[cfg(not(unix))]
pub(super) fn reassure() {}
