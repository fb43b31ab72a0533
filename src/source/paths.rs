//! Which files to read: folders walked in order, patterns, lists of paths.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use super::reader::{Reader, is_left_behind};
use super::{Each, Options, SourceError};
use crate::article::{Place, path_text};

/// Bytes of one path in a list of paths, at most.
const PATH_BYTES: u64 = 64 << 10;

/// Patterns that select files in folders and members of archives. They do not apply to a file that the user names.
///
/// A pattern without `/` is matched against the name at any depth, one with `/` against the path below the folder or
/// within the archive. A pattern that matches a folder matches everything in it.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl Patterns {
    /// Compiles the patterns. If `include` is empty, everything is included.
    ///
    /// # Errors
    ///
    /// Fails where a pattern is not valid.
    pub fn new<S: AsRef<str>>(include: &[S], exclude: &[S]) -> Result<Self, SourceError> {
        Ok(Self { include: set(include)?, exclude: set(exclude)? })
    }

    /// Whether to read a file or member with this path.
    pub(crate) fn admit(&self, path: &Path) -> bool {
        self.include.as_ref().is_none_or(|set| set.is_match(path)) && !self.exclude(path)
    }

    fn exclude(&self, path: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|set| set.is_match(path))
    }
}

fn set<S: AsRef<str>>(patterns: &[S]) -> Result<Option<GlobSet>, SourceError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.as_ref().trim_end_matches('/');
        let whole = match pattern.strip_prefix('/') {
            Some(rooted) => rooted.to_owned(),
            None if pattern.contains('/') => pattern.to_owned(),
            None => format!("**/{pattern}"),
        };
        builder.add(glob(&whole)?).add(glob(&format!("{whole}/**"))?);
    }
    builder.build().map(Some).map_err(|cause| SourceError::Pattern(cause.to_string()))
}

/// Compiles a pattern whose `*` and `?` do not match `/`.
fn glob(pattern: &str) -> Result<Glob, SourceError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|cause| SourceError::Pattern(format!("'{pattern}' is no valid pattern: {}", cause.kind())))
}

/// Reads a list of paths, one a line, or each ended by a NUL byte where `nul` is set. Empty ones are left out.
///
/// # Errors
///
/// Fails where the list cannot be read or a path is longer than 64 KiB.
pub(crate) fn read_list(input: &mut dyn BufRead, nul: bool) -> Result<Vec<PathBuf>, SourceError> {
    let end = if nul { 0 } else { b'\n' };
    let mut list = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let read = (&mut *input).take(PATH_BYTES).read_until(end, &mut bytes);
        match read.map_err(|cause| SourceError::Pattern(format!("the list of paths cannot be read: {cause}")))? {
            0 => return Ok(list),
            read if read as u64 == PATH_BYTES => {
                return Err(SourceError::Pattern(format!("path {} of the list is too long", list.len() + 1)));
            }
            _ => {}
        }
        let path = bytes.strip_suffix(&[end]).unwrap_or(&bytes);
        let path = if nul { path } else { path.strip_suffix(b"\r").unwrap_or(path) };
        if !path.is_empty() {
            list.push(native(path));
        }
    }
}

#[cfg(unix)]
fn native(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

#[cfg(not(unix))]
fn native(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

/// Files that the user names one by one. In folders and by patterns they are not read again.
pub(super) struct Named(HashSet<PathBuf>);

impl Named {
    pub(super) fn of(inputs: &[PathBuf]) -> Self {
        // One input alone names nothing twice.
        let several = inputs.iter().filter(|input| inputs.len() > 1 && input.is_file());
        Self(several.map(|input| plain(input)).collect())
    }

    fn has(&self, path: &Path) -> bool {
        !self.0.is_empty() && self.0.contains(&plain(path))
    }
}

/// A path without the folder that it starts from (`./a` is `a`).
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// Reads what one argument names: standard input, a file, a folder, or all that a pattern matches.
pub(super) fn read(input: &Path, named: &Named, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    if input.as_os_str() == "-" {
        return Reader::new(options, each).stream(io::stdin().lock(), "-");
    }
    match input.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound && is_pattern(input) => {
            matching(input, cause, named, options, each)
        }
        _ => walk(input, named, options, each),
    }
}

/// Whether a path contains a character of a pattern: `*`, `?`, `[` or `{`. It is read as a pattern only if no such file
/// exists.
pub(crate) fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// Reads everything that a pattern matches. It is an error if nothing matches.
fn matching(pattern: &Path, cause: io::Error, named: &Named, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let base: PathBuf = pattern.components().take_while(|part| !is_pattern(Path::new(part))).collect();
    let base = if base.as_os_str().is_empty() { Path::new(".").to_owned() } else { base };
    let plain: PathBuf = pattern.components().filter(|part| *part != Component::CurDir).collect();
    let matcher = match glob(&plain.to_string_lossy()) {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => return each(Err(error)),
    };
    let depth = pattern.components().count() - base.components().filter(|part| *part != Component::CurDir).count();
    let deep = pattern.components().any(|part| part.as_os_str().to_string_lossy().contains("**"));
    let found = matches(&base, &matcher, (!deep).then_some(depth));
    if found.is_empty() {
        return each(Err(SourceError::Read { path: pattern.to_owned(), cause }));
    }
    found.iter().try_for_each(|path| walk(path, named, options, &mut *each))
}

/// The paths below `base` that match, in order. A path below another match is left out, because [`walk`] reads it with
/// that match.
fn matches(base: &Path, matcher: &GlobMatcher, depth: Option<usize>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let walk = WalkBuilder::new(base)
        .standard_filters(false)
        .hidden(true)
        .max_depth(depth)
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk.flatten() {
        let path = entry.path();
        let plain = path.strip_prefix("./").unwrap_or(path);
        if matcher.is_match(plain) && !found.last().is_some_and(|last| plain.starts_with(last)) {
            found.push(plain.to_owned());
        }
    }
    found
}

/// Reads a file, or all files of a folder in the order of their names; hidden ones are left out.
fn walk(input: &Path, named: &Named, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let (root, patterns) = (input.to_owned(), options.patterns.clone());
    let walk = WalkBuilder::new(input)
        .standard_filters(false)
        .hidden(true)
        .git_ignore(options.gitignore)
        .require_git(false)
        .filter_entry(move |entry| !below(entry.path(), &root).is_some_and(|path| patterns.exclude(path)))
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) if below(entry.path(), input).is_some_and(|path| !options.patterns.admit(path)) => {}
            Ok(entry)
                if below(entry.path(), input).is_some() && is_left_behind(&entry.file_name().to_string_lossy()) => {}
            Ok(entry) if below(entry.path(), input).is_some() && named.has(entry.path()) => {}
            // Reading a pipe could block for ever, so one in a folder is refused; one that the user names is read.
            Ok(entry) if below(entry.path(), input).is_some() && entry.file_type().is_some_and(is_special) => {
                let place = Place { path: path_text(entry.path()), ..Place::default() };
                each(Err(SourceError::Unsupported { place, what: "a pipe, socket or device", instead: "" }))?;
            }
            Ok(entry) => file(entry.path(), options, each)?,
            Err(cause) => {
                let cause = cause.into_io_error().unwrap_or_else(|| io::Error::other("cannot be read"));
                each(Err(SourceError::Read { path: input.to_owned(), cause }))?;
            }
        }
    }
    ControlFlow::Continue(())
}

fn is_special(kind: std::fs::FileType) -> bool {
    !kind.is_file() && !kind.is_dir() && !kind.is_symlink()
}

/// The path below a folder; `None` for the folder itself, or the file that the user named.
fn below<'a>(path: &'a Path, root: &Path) -> Option<&'a Path> {
    path.strip_prefix(root).ok().filter(|path| !path.as_os_str().is_empty())
}

fn file(path: &Path, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    match File::open(path) {
        Ok(file) => Reader::new(options, each).file(file, &path_text(path)),
        Err(cause) => each(Err(SourceError::Read { path: path.to_owned(), cause })),
    }
}
