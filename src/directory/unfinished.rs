//! Runs of `index` that were interrupted. Each is named in a file from its start until a run over the same inputs comes to
//! its end: any later command that writes leaves the directory whole, and says nothing of the inputs that were not read.

use std::io;
use std::path::Path;

/// Name of the file; a run a line. It is not there where every run came to its end.
pub(crate) const FILE: &str = "unfinished";
/// Runs that are remembered, at most; the oldest are forgotten.
const MOST: usize = 20;
/// Characters of a run's name, at most.
const LONGEST: usize = 300;

/// The runs that did not come to their end, oldest first. A file that cannot be read names none.
pub(crate) fn runs(dir: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join(FILE)).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Notes that a run has begun; gives whether it was not noted before.
///
/// # Errors
///
/// Fails where the disk does.
pub(crate) fn begin(dir: &Path, run: &str) -> io::Result<bool> {
    let (run, mut runs) = (named(run), runs(dir));
    let before = runs.len();
    runs.retain(|known| *known != run);
    let is_new = runs.len() == before;
    runs.push(run);
    let first = runs.len().saturating_sub(MOST);
    write(dir, &runs[first..])?;
    Ok(is_new)
}

/// Notes that a run has come to its end.
///
/// # Errors
///
/// Fails where the disk does.
pub(crate) fn end(dir: &Path, run: &str) -> io::Result<()> {
    let (run, mut runs) = (named(run), runs(dir));
    runs.retain(|known| *known != run);
    write(dir, &runs)
}

/// A run's name on one line.
fn named(run: &str) -> String {
    run.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

fn write(dir: &Path, runs: &[String]) -> io::Result<()> {
    let path = dir.join(FILE);
    if runs.is_empty() {
        return match std::fs::remove_file(path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => Ok(()),
        };
    }
    std::fs::create_dir_all(dir)?;
    let new = dir.join("unfinished.new");
    std::fs::write(&new, runs.join("\n") + "\n")?;
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_until_one_over_the_same_inputs_ends() {
        let dir = tempfile::tempdir().unwrap();
        assert!(begin(dir.path(), "a").unwrap() && begin(dir.path(), "b\nc").unwrap());
        assert!(!begin(dir.path(), "a").unwrap());
        assert_eq!(runs(dir.path()), ["b c", "a"]);
        end(dir.path(), "a").unwrap();
        end(dir.path(), "never begun").unwrap();
        assert_eq!(runs(dir.path()), ["b c"]);
        end(dir.path(), "b\nc").unwrap();
        assert!(!dir.path().join(FILE).exists());
        (0..50).for_each(|n| assert!(begin(dir.path(), &n.to_string()).unwrap()));
        assert_eq!((runs(dir.path()).len(), runs(dir.path())[0].as_str()), (MOST, "30"));
    }
}
