//! Files, folders, patterns and lists of paths.

use super::*;

#[test]
fn a_folder_is_read_in_order_whatever_its_files_are_called() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.dat"), PAGE).unwrap();
    std::fs::write(dir.path().join("b.txt"), "{\"title\":\"one\"}\n{\"title\":\"two\"}\n").unwrap();
    std::fs::write(dir.path().join("c"), gzip(b"[{\"title\":\"three\"},\n {\"title\":\"four\"}]")).unwrap();
    std::fs::write(dir.path().join(".hidden"), PAGE).unwrap();
    let found = all(&[dir.path()], &Options::default());
    let kinds: Vec<(Format, Option<u64>)> = good(&found).iter().map(|doc| (doc.format, doc.place.record)).collect();
    let json = |record| (Format::Json, Some(record));
    assert_eq!(kinds, [(Format::Html, None), json(1), json(2), json(1), json(2)]);
    assert_eq!(good(&found)[2].place.bytes, Some((16, 31)));
    assert_eq!(good(&found)[4].place.bytes, Some((21, 37)));
}

#[test]
fn patterns_lists_and_globs_choose_files() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["one/a.html", "one/b.txt", "two/deep/c.html", "two/.gitignore"] {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, if name.ends_with("ignore") { "deep\n" } else { "Text." }).unwrap();
    }
    let names = |input: &Path, options: &Options| -> Vec<String> {
        let found = all(&[input], options);
        let name = |doc: &&RawDocument| doc.place.path.rsplit('/').next().unwrap().to_owned();
        good(&found).iter().map(name).collect()
    };
    let with = |include: &[&str], exclude: &[&str]| Options {
        patterns: Patterns::new(include, exclude).unwrap(),
        ..Options::default()
    };
    assert_eq!(names(dir.path(), &Options::default()), ["a.html", "b.txt", "c.html"]);
    assert_eq!(names(dir.path(), &with(&["*.html"], &[])), ["a.html", "c.html"]);
    assert_eq!(names(dir.path(), &with(&[], &["deep", "b.*"])), ["a.html"]);
    assert_eq!(names(dir.path(), &with(&["one/*.txt"], &[])), ["b.txt"]);
    assert_eq!(names(dir.path(), &Options { gitignore: true, ..Options::default() }), ["a.html", "b.txt"]);
    assert_eq!(names(&dir.path().join("*/*.html"), &Options::default()), ["a.html"]);
    assert_eq!(names(&dir.path().join("**/*.html"), &Options::default()), ["a.html", "c.html"]);
    assert_eq!(names(&dir.path().join("t?o"), &Options::default()), ["c.html"]);
    assert!(matches!(all(&[&dir.path().join("*.pdf")], &Options::default())[..], [Err(SourceError::Read { .. })]));
    assert!(Patterns::new(&["a[".to_owned()], &[]).is_err());
    let list = read_list(&mut &b"a b\r\n\nc\n"[..], false).unwrap();
    assert_eq!(list, [PathBuf::from("a b"), PathBuf::from("c")]);
    assert_eq!(read_list(&mut &b"a\nb\0c"[..], true).unwrap(), [PathBuf::from("a\nb"), PathBuf::from("c")]);
}

#[test]
fn hidden_files_and_members_are_left_out_unless_they_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::create_dir_all(path(".git")).unwrap();
    std::fs::create_dir_all(path("in/.cache")).unwrap();
    for name in [".git/a.txt", ".b.txt", "in/.cache/c.txt", "in/.d.txt", "in/e.txt", "f..txt"] {
        std::fs::write(path(name), format!("Text of {name}.")).unwrap();
    }
    let texts = |inputs: &[&Path]| -> Vec<String> {
        let found = all(inputs, &Options::default());
        good(&found)
            .iter()
            .map(|doc| String::from_utf8_lossy(&doc.bytes)[8..].trim_end_matches('.').to_owned())
            .collect()
    };
    assert_eq!(texts(&[dir.path()]), ["f..txt", "in/e.txt"]);
    std::fs::write(path("in/Thumbs.db"), "Text of no use.").unwrap();
    assert_eq!(texts(&[&path("in")]), ["in/e.txt"], "what a file manager leaves behind is left out");
    assert_eq!(texts(&[&path(".b.txt")]), [".b.txt"], "what the user names is read");
    assert_eq!(texts(&[&path(".git")]), [".git/a.txt"]);
    assert_eq!(texts(&[&path("in"), &path("f..txt"), &path("in/e.txt")]), ["f..txt", "in/e.txt"], "each once");
    assert_eq!(texts(&[&path("*.txt")]), ["f..txt"]);
    let names = ["./a", "../b", "c/./d", ".e", "f/.g", ".h/i", "__MACOSX/j", "k/__MACOSX/l", "m\\.n", "..o", "p/..q"];
    let members = names.map(|name| (name, &b"Text."[..]));
    for archive in [tarball(&members), zipped(&members)] {
        let found = bytes(&archive);
        let kept: Vec<&str> = good(&found).iter().map(|doc| doc.place.member.as_deref().unwrap()).collect();
        assert_eq!(kept, ["./a", "../b", "c/./d"], "{:?}", errors(&found));
    }
}

#[test]
fn patterns_are_held_against_names_paths_and_folders() {
    let dir = tempfile::tempdir().unwrap();
    let files = ["a.html", "a.txt", "news/2025/b.html", "news/2025/c.txt", "news/b.html", "old/news/d.html"];
    for name in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "Text.").unwrap();
    }
    let members: Vec<(String, &[u8])> = files.iter().map(|name| (format!("./{name}"), &b"Text."[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, body)| (name.as_str(), *body)).collect();
    let (tar, rooted) = (tarball(&members), tarball(&files.map(|name| (name, &b"Text."[..]))));
    for (include, exclude, wanted) in [
        (&[][..], &[][..], &[0, 1, 2, 3, 4, 5][..]),
        (&["*.html"], &[], &[0, 2, 4, 5]),
        (&["b.html"], &[], &[2, 4]),
        (&["?.txt"], &[], &[1, 3]),
        (&["news"], &[], &[2, 3, 4, 5]),
        (&["news/"], &[], &[2, 3, 4, 5]),
        (&["/news"], &[], &[2, 3, 4]),
        (&["/news/"], &[], &[2, 3, 4]),
        (&["news/*"], &[], &[2, 3, 4]),
        (&["news/*.html"], &[], &[4]),
        (&["news/**/*.html"], &[], &[2, 4]),
        (&["**/news"], &[], &[2, 3, 4, 5]),
        (&["*.html", "*.txt"], &[], &[0, 1, 2, 3, 4, 5]),
        (&["*.{html,txt}"], &["news"], &[0, 1]),
        (&["*.html"], &["a.*", "2025"], &[4, 5]),
        (&["a.html"], &["*.html"], &[]),
        (&[], &["/news/2025"], &[0, 1, 4, 5]),
        (&[], &["*"], &[]),
    ] {
        let options = Options { patterns: Patterns::new(include, exclude).unwrap(), ..Options::default() };
        let wanted: Vec<&str> = wanted.iter().map(|n: &usize| files[*n]).collect();
        let found = all(&[dir.path()], &options);
        let below = |doc: &&RawDocument| {
            Path::new(&doc.place.path).strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(good(&found).iter().map(below).collect::<Vec<_>>(), wanted, "{include:?} {exclude:?}");
        for archive in [&tar, &rooted] {
            let found = bytes_with(archive, &options);
            let member = |doc: &&RawDocument| doc.place.member.as_deref().unwrap().trim_start_matches("./").to_owned();
            assert_eq!(good(&found).iter().map(member).collect::<Vec<_>>(), wanted, "{include:?} {exclude:?}, members");
        }
        // The file that the user names is read in any case.
        assert_eq!(good(&all(&[&dir.path().join("a.txt")], &options)).len(), 1, "{include:?} {exclude:?}");
    }
    assert_eq!(Patterns::new(&["a["], &[]).unwrap_err().to_string().lines().count(), 1);
    assert!(Patterns::new(&[], &["[z-a]"]).is_err());
}

#[test]
fn an_input_with_stars_is_a_pattern_where_no_such_file_exists() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "d/1.txt", "[x].txt"] {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("Text of {name}")).unwrap();
    }
    let texts = |pattern: &str| -> Vec<String> {
        let found = all(&[&dir.path().join(pattern)], &Options::default());
        assert!(errors(&found).is_empty(), "{pattern}: {:?}", errors(&found));
        good(&found).iter().map(|doc| String::from_utf8_lossy(&doc.bytes)[8..].to_owned()).collect()
    };
    assert_eq!(texts("a/*"), ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt"], "a folder that matches is read whole");
    assert_eq!(texts("*/*.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("a/**/*.txt"), ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt"]);
    assert_eq!(texts("**"), ["[x].txt", "a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "d/1.txt"], "each once");
    assert_eq!(texts("*/b/*/3.txt"), ["a/b/c/3.txt"]);
    assert_eq!(texts("{a,d}/1.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("[ad]/1.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("[x].txt"), ["[x].txt"], "a file of that very name");
    let none =
        all(&[&dir.path().join("a/*.pdf"), &dir.path().join("a/1.txt"), &dir.path().join("gone")], &Options::default());
    assert!(matches!(&none[..], [Err(SourceError::Read { .. }), Ok(_), Err(SourceError::Read { .. })]), "{none:?}");
    for (name, pattern) in [("a*", true), ("a?", true), ("[a", true), ("{a", true), ("a-b_c.d~", false), ("", false)] {
        assert_eq!(crate::source::paths::is_pattern(Path::new(name)), pattern, "{name}");
    }
}

#[test]
fn a_list_of_paths_is_taken_line_by_line_or_by_nul_bytes() {
    let list = |bytes: &[u8], nul| -> Result<Vec<String>, String> {
        let list = read_list(&mut &bytes[..], nul).map_err(|error| error.to_string())?;
        Ok(list.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
    };
    let owned = |paths: &[&str]| Ok(paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
    assert_eq!(list(b"a b\r\n\r\n c \nd", false), owned(&["a b", " c ", "d"]));
    assert_eq!(list(b"a\r\0\0b\nc\0d", true), owned(&["a\r", "b\nc", "d"]));
    assert_eq!(list(b"", false), owned(&[]));
    let long = |length: usize| [&b"a\n"[..], &vec![b'x'; length], b"\nb"].concat();
    assert_eq!(list(&long((64 << 10) - 2), false).map(|paths| paths.len()), Ok(3));
    assert_eq!(list(&long(64 << 10), false), Err("path 2 of the list is too long".to_owned()));
}
