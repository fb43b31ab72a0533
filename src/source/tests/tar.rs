//! Tar archives.

use super::*;

#[test]
fn tar_members_have_the_names_and_lengths_that_their_headers_give() {
    let header = |name: &str, kind: ::tar::EntryType, size: u64| {
        let mut header = ::tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_cksum();
        header
    };
    use ::tar::EntryType as Kind;
    let padded = |body: &[u8]| {
        let mut bytes = body.to_vec();
        bytes.resize(body.len().next_multiple_of(512), 0);
        bytes
    };
    let entry = |header: &::tar::Header, body: &[u8]| [&header.as_bytes()[..], &padded(body)].concat();
    let file = |name: &str, body: &[u8]| entry(&header(name, Kind::Regular, body.len() as u64), body);
    let extended = |records: &str| entry(&header("x", Kind::XHeader, records.len() as u64), records.as_bytes());
    let long =
        |name: &str| entry(&header("l", Kind::GNULongName, name.len() as u64 + 1), format!("{name}\0").as_bytes());
    let seen = |archive: &[u8]| -> Vec<(String, String)> {
        let found = bytes(archive);
        assert_eq!(errors(&found), Vec::<String>::new());
        let pair =
            |doc: &&RawDocument| (doc.place.member.clone().unwrap(), String::from_utf8_lossy(&doc.bytes).into_owned());
        good(&found).iter().map(pair).collect()
    };
    let pair = |name: &str, body: &str| (name.to_owned(), body.to_owned());

    let folder = "folder/".repeat(20);
    let deep = format!("{folder}a.txt");
    assert!(deep.len() > 100);
    assert_eq!(seen(&file(&deep, b"Deep.")), [pair(&deep, "Deep.")], "its folder stands in a field of its own");
    let others = [Kind::Directory, Kind::Symlink, Kind::Link, Kind::Char, Kind::Fifo];
    let others: Vec<u8> = others.iter().flat_map(|kind| entry(&header("other", *kind, 0), b"")).collect();
    assert_eq!(seen(&[others, file("a", b"A."), file("b", b"B.")].concat()), [pair("a", "A."), pair("b", "B.")]);
    assert_eq!(
        seen(&[file("a", b"A."), vec![0; 512], file("b", b"B.")].concat()),
        [pair("a", "A.")],
        "an empty block ends it"
    );

    let archive = [extended("14 path=long\n"), file("short", b"A."), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("short", "A."), pair("b", "B.")], "a record of a wrong length says nothing");
    let archive = [extended("13 path=long\n"), file("short", b"A."), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("long", "A."), pair("b", "B.")], "for the next member alone");
    let sized = entry(&header("short", Kind::Regular, 0), b"A body.");
    assert_eq!(
        seen(&[extended("9 size=7\n11 mtime=1\n"), sized, file("b", b"B.")].concat()),
        [pair("short", "A body."), pair("b", "B.")]
    );
    assert_eq!(
        seen(&[long("from/gnu"), file("short", b"A."), file("b", b"B.")].concat()),
        [pair("from/gnu", "A."), pair("b", "B.")]
    );
    let archive = [long("of/link"), entry(&header("link", Kind::Symlink, 0), b""), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("b", "B.")], "a link's long name is not the next file's");
    let global = entry(&header("g", Kind::XGlobalHeader, 13), b"13 path=long\n");
    assert_eq!(seen(&[global, file("b", b"B.")].concat()), [pair("b", "B.")]);

    let mut binary = header("big", Kind::Regular, 0);
    binary.as_old_mut().size = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
    binary.set_cksum();
    assert_eq!(seen(&entry(&binary, b"A.")), [pair("big", "A.")], "a length in binary");
    let mut old = ::tar::Header::new_old();
    old.set_path("old").unwrap();
    old.set_size(2);
    old.set_cksum();
    assert_eq!(seen(&entry(&old, b"A.")), [pair("old", "A.")], "from before there was a mark");
    let mut signed = header("\u{e9}", Kind::Regular, 2);
    let sum = |signed: &::tar::Header| {
        let plain =
            |(at, byte): (usize, &u8)| if (148..156).contains(&at) { 32 } else { i64::from(byte.cast_signed()) };
        signed.as_bytes().iter().enumerate().map(plain).sum::<i64>()
    };
    let digits = format!("{:06o}\0 ", sum(&signed));
    signed.as_old_mut().cksum.copy_from_slice(digits.as_bytes());
    assert_eq!(seen(&entry(&signed, b"A.")), [pair("\u{e9}", "A.")], "a sum of signed bytes");
    let mut wrong = file("a", b"A.");
    wrong[0] = b'b';
    assert_eq!(errors(&bytes(&wrong)), ["x: damaged: a member's header is damaged"]);
    let huge = header("l", Kind::GNULongName, (1 << 20) + 1);
    let found = bytes(&[&file("a", b"A.")[..], huge.as_bytes()].concat());
    assert_eq!(
        (good(&found).len(), errors(&found)),
        (1, vec!["x: damaged: a member's name or extended header is too long".to_owned()])
    );
    let found = bytes(&[file("a", b"A."), file("b", b"B.")[..100].to_vec()].concat());
    assert_eq!((good(&found).len(), errors(&found)), (1, vec!["x: it ends too early: the file is cut off".to_owned()]));
}
