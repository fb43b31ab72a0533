//! Ctrl-C while articles are written.

/// From now on Ctrl-C says that nothing is lost before it ends the process, as it does at once.
///
/// Nothing needs tidying up: what is committed is in the archive, the rest never was, and the system frees the lock.
/// The process ends by the signal, which a shell tells as exit code 130.
#[cfg(unix)]
pub(super) fn reassure() {
    use std::io::Write;
    use std::sync::mpsc;
    use std::time::Duration;

    use signal_hook::consts::SIGINT;

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT]) else {
        return; // Ctrl-C ends the process just as well, in silence
    };
    std::thread::spawn(move || {
        if signals.forever().next().is_none() {
            return;
        }
        let (told, wait) = mpsc::channel();
        // A reader of standard error that has stopped reading must not hold us.
        std::thread::spawn(move || {
            let text = "\nstopped: what was committed is kept; the same command again goes on from there";
            let _ = writeln!(std::io::stderr(), "{text}"); // nowhere left to tell
            let _ = told.send(());
        });
        let _ = wait.recv_timeout(Duration::from_millis(200)); // told or not, this is the end
        let _ = signal_hook::low_level::emulate_default_handler(SIGINT);
    });
}

/// Ctrl-C ends the process.
#[cfg(not(unix))]
pub(super) fn reassure() {}
