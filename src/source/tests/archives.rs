//! Archives and compressed files within each other.

use super::*;

#[test]
fn archives_and_compression_within_each_other() {
    let lines: &[u8] = b"{\"title\":\"one\"}\n{\"title\":\"two\"}\n";
    let long = format!("{}/page.html", "folder".repeat(30));
    let tar = tarball(&[("a.html", PAGE.as_bytes()), ("b.gz", &gzip(lines)), (".c", b"x"), (&long, b"<p>x</p>")]);
    let zip = zipped(&[("news.tar", &tar), ("x.bz2", &bzip2(lines)), ("y.zst", &zstd(lines)), ("__MACOSX/z", b"x")]);
    let member = |doc: &&RawDocument| {
        format!("{}:{}", doc.place.member.as_deref().unwrap_or("-"), doc.place.record.unwrap_or(0))
    };
    let expected = [
        "news.tar!a.html:0",
        "news.tar!b.gz:1",
        "news.tar!b.gz:2",
        &format!("news.tar!{long}:0"),
        "x.bz2:1",
        "x.bz2:2",
        "y.zst:1",
        "y.zst:2",
    ];
    for file in [zip.clone(), gzip(&zip), bzip2(&zip), zstd(&zip)] {
        let found = bytes(&file);
        assert_eq!(errors(&found), Vec::<String>::new());
        assert_eq!(good(&found).iter().map(member).collect::<Vec<_>>(), expected);
    }
    let streams = [
        gzip(lines),
        bzip2(lines),
        zstd(lines),
        [gzip(b"{\"title\":\"one\"}\n"), gzip(b"{\"title\":\"two\"}\n")].concat(),
    ];
    for file in streams {
        assert_eq!(good(&bytes(&file)).iter().map(member).collect::<Vec<_>>(), ["-:1", "-:2"]);
    }
    let wanted = Options { patterns: Patterns::new(&["*.html", "*.tar"], &["folder*"]).unwrap(), ..Options::default() };
    assert_eq!(good(&bytes_with(&zip, &wanted)).iter().map(member).collect::<Vec<_>>(), ["news.tar!a.html:0"]);
}

#[test]
fn members_are_only_names() {
    let names = ["../../etc/cron.d/x", "/abs/\u{1b}[31mred", "a\u{202e}lmth.b"];
    let tar = tarball(&names.map(|name| (name, &b"\x01\0\0\0\0"[..])));
    let found = bytes(&tar);
    assert_eq!(
        errors(&found),
        [
            "x!../../etc/cron.d/x: not text, which is not read",
            "x!/abs/\\u{1b}[31mred: not text, which is not read",
            "x!a\\u{202e}lmth.b: not text, which is not read",
        ]
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x"), zipped(&[("../out.html", PAGE.as_bytes())])).unwrap();
    let found = all(&[dir.path()], &Options::default());
    assert_eq!(good(&found)[0].place.member.as_deref(), Some("../out.html"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn damaged_archives_give_their_good_members() {
    let page = |n: u8| (0..200u16).map(|i| format!("Paragraph {i} of page {n}.\n\n")).collect::<String>();
    let (one, two) = (page(1), page(2));
    let members = [("1.txt", one.as_bytes()), ("2.txt", two.as_bytes())];
    let tar = tarball(&members);
    let zip = zipped(&members);
    for cut in [&tar[..tar.len() - 3000], &zip[..zip.len() - 400], &gzip(&zip)[..500], &gzip(&tar[..tar.len() - 3000])]
    {
        let found = bytes(cut);
        assert!(good(&found).iter().all(|doc| doc.bytes == one.as_bytes()));
        assert!(
            !errors(&found).is_empty() && errors(&found).iter().all(|error| error.starts_with('x')),
            "{:?}",
            errors(&found)
        );
    }
    assert_eq!(good(&bytes(&tar[..tar.len() - 3000])).len(), 1);
    assert_eq!(errors(&bytes(&tar[..tar.len() - 3000])), ["x!2.txt: it ends too early: the file is cut off"]);
    assert_eq!(good(&bytes(&zip[..zip.len() - 400])).len(), 1);
    let mut wrong = tar.clone();
    let second = 512 + one.len().next_multiple_of(512);
    wrong[second + 124..second + 135].copy_from_slice(b"00000000001");
    assert_eq!(errors(&bytes(&wrong)), ["x: damaged: a member's header is damaged"]);
    let cut = zstd(two.as_bytes());
    assert_eq!(errors(&bytes(&cut[..cut.len() - 30])).len(), 1);
    let cut = bzip2(two.as_bytes());
    assert_eq!(errors(&bytes(&cut[..cut.len() - 30])).len(), 1);
}
