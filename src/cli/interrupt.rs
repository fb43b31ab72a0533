//! Ctrl-C while articles are written.

use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

/// From now on Ctrl-C ends the process at once, with exit code 130, and says that nothing is lost.
///
/// Nothing needs tidying up: what is committed is in the archive, the rest never was, and the system frees the lock.
pub(super) fn reassure() {
    let handler = || {
        let (told, wait) = mpsc::channel();
        // A reader of standard error that has stopped reading must not hold us.
        std::thread::spawn(move || {
            let text = "\nstopped: what was committed is kept; the same command again goes on from there";
            let _ = writeln!(std::io::stderr(), "{text}"); // nowhere left to tell
            let _ = told.send(());
        });
        let _ = wait.recv_timeout(Duration::from_millis(200)); // told or not, this is the end
        #[allow(clippy::exit)] // the main thread is at work
        std::process::exit(130);
    };
    let _ = ctrlc::set_handler(handler); // without it Ctrl-C ends the process just as well, in silence
}
