//! Fonts, streams, metadata, and documents that cannot be read.

use super::writer::{Form, packed};
use super::*;

const LINES: [&str; 2] = ["The fleet of Alda has nine frigates and will have seven when", "two leave the service."];
const TEXT: &str = "The fleet of Alda has nine frigates and will have seven when two leave the service.";

/// A document whose font `F3` maps bytes to Unicode.
fn mapped(pairs: &[(u8, &str)], ops: impl FnOnce(&mut Page)) -> Pdf {
    let mut page = Page::default();
    ops(&mut page);
    let mut pdf = Pdf::of([page]);
    pdf.more = vec![
        b"<</Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding /ToUnicode 11 0 R>>".to_vec(),
        Pdf::unicode_map(pairs),
    ];
    pdf
}

#[test]
fn every_form_of_a_file_is_read() {
    for form in [Form::Plain, Form::Compressed, Form::ObjectStreams, Form::BrokenTable] {
        let pdf = Pdf { form, ..Pdf::of([page(&LINES), page(&["Another page."])]) };
        let article = article(&pdf);
        assert_eq!((texts(&article), super::pages(&article)), (vec![TEXT, "Another page."], vec![1, 2]));
    }
}

#[test]
fn ligatures_are_letters() {
    let pdf = mapped(&[(b'Q', "00660069"), (b'W', "FB03"), (b'E', "D83DDE00")], |page| {
        page.in_font("F3", 72.0, 700.0, 10.0, "The Qrst oWcer of the navy E");
    });
    assert_eq!(texts(&article(&pdf)), ["The first officer of the navy 😀"]);
}

#[test]
fn gaps_are_spaces_and_letter_spacing_is_none() {
    let mut page = Page::default();
    page.ops.push_str("BT /F1 10 Tf 72 700 Td [(The)-600(fleet)-600(sa)20(iled)] TJ ET\n");
    page.ops.push_str("BT /F1 10 Tf 3 Tc 72 650 Td (BUDGET) Tj 0 Tc ET\n");
    page.ops.push_str("BT /F1 10 Tf 72 600 Td (On) Tj 18 0 Td (Monday it re) Tj 72 0 Td (turned.) Tj ET\n");
    assert_eq!(texts(&article(&Pdf::of([page]))), ["The fleet sailed", "BUDGET", "On Monday it returned."]);
}

#[test]
fn text_from_right_to_left_is_in_the_order_of_reading() {
    // שלום 24 (ים) as it is drawn: from the left `)םי( 24 םולש`.
    let pairs = [(b'a', "05E9"), (b'b', "05DC"), (b'c', "05D5"), (b'd', "05DD"), (b'e', "05D9")];
    let pdf = mapped(&pairs, |page| {
        page.in_font("F3", 72.0, 700.0, 10.0, "\\(de\\) 24 dcba");
    });
    assert_eq!(texts(&article(&pdf)), ["שלום 24 (ים)"]);
}

#[test]
fn glyphs_that_are_drawn_twice_or_apart_are_read_once() {
    let mut page = Page::default();
    page.at(72.0, 700.0, 10.0, "Frigates")
        .at(72.3, 700.0, 10.0, "Frigates")
        .at(72.0, 650.0, 10.0, "\u{b4}")
        .at(72.0, 650.0, 10.0, "etat");
    assert_eq!(texts(&article(&Pdf::of([page]))), ["Frigates", "état"]);
}

#[test]
fn replacement_text_stands_for_what_is_drawn() {
    let mut page = Page::default();
    page.ops.push_str("/Span <</ActualText (Admiral)>> BDC BT /F1 10 Tf 72 700 Td (Xy$z!q~) Tj ET EMC BT /F1 10 Tf 120 700 Td (Ada Brook) Tj ET\n");
    assert_eq!(texts(&article(&Pdf::of([page]))), ["Admiral Ada Brook"]);
}

#[test]
fn forms_and_turned_text_are_read() {
    let mut page = page(&LINES);
    page.ops.push_str("q 1 0 0 1 0 -100 cm /X1 Do Q BT /F1 10 Tf 0 1 -1 0 500 300 Tm (A table on its side) Tj ET\n");
    let mut pdf = Pdf::of([page]);
    pdf.resources = "/XObject <</X1 10 0 R>>".to_owned();
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]";
    pdf.more = vec![Pdf::stream(form, b"BT /F1 10 Tf 72 700 Td (From a form. ) Tj ET /X1 Do")];
    assert_eq!(texts(&article(&pdf)), [TEXT, "From a form.", "A table on its side"]);
}

#[test]
fn a_turned_page_is_read_upright() {
    let mut page = Page::default();
    page.ops.push_str("BT /F1 10 Tf 0 1 -1 0 100 72 Tm (The first line of a sheet) Tj ET BT /F1 10 Tf 0 1 -1 0 112 72 Tm (and its second.) Tj ET\n");
    let pdf = Pdf { page: "/Rotate 90".to_owned(), ..Pdf::of([page]) };
    assert_eq!(texts(&article(&pdf)), ["The first line of a sheet and its second."]);
}

#[test]
fn the_title_of_the_information_counts_if_it_is_one() {
    let mut page = Page::default();
    page.at(72.0, 720.0, 20.0, "Ships to 2040").lines(72.0, 650.0, 10.0, &LINES);
    for (info, title, texts_are) in [
        ("/Title (Ships to 2040)", "Ships to 2040", vec![TEXT]),
        ("/Title (Ships of Alda to 2040)", "Ships of Alda to 2040", vec!["Ships to 2040", TEXT]),
        ("/Title (Microsoft Word - ships.doc)", "Ships to 2040", vec![TEXT]),
        ("/Title (\\376\\377\\000S\\000h\\000i\\000p\\000s)", "Ships", vec!["Ships to 2040", TEXT]),
        ("", "Ships to 2040", vec![TEXT]),
    ] {
        let pdf = Pdf { info: info.to_owned(), ..Pdf::of([page.clone()]) };
        let article = article(&pdf);
        assert_eq!((article.title.as_str(), texts(&article)), (title, texts_are), "{info}");
    }
}

#[test]
fn authors_are_people_and_no_accounts() {
    for (author, names) in [
        ("Ada Brook", vec!["Ada Brook"]),
        ("Ada Brook; Tom Reed", vec!["Ada Brook", "Tom Reed"]),
        ("jsmith", vec![]),
        ("Admin", vec![]),
        ("ada.brook@alda.example", vec![]),
    ] {
        let pdf = Pdf { info: format!("/Author ({author})"), ..Pdf::of([page(&LINES)]) };
        assert_eq!(article(&pdf).byline, names, "{author}");
    }
}

#[test]
fn a_printed_date_comes_before_the_one_of_the_file() {
    let info = "/CreationDate (D:20310405060708+01'00')".to_owned();
    let mut dated = page(&LINES);
    dated.at(72.0, 740.0, 10.0, "Published 3 March 2031");
    for (page, date, from) in [
        (dated, "2031-03-03", "first page"),
        (page(&LINES), "2031-04-05T06:07:08+01:00", "PDF information, creation of the file"),
        (
            page(&["The ships that were ordered on 3 March 2027 will sail soon."]),
            "2031-04-05T06:07:08+01:00",
            "PDF information, creation of the file",
        ),
    ] {
        let article = article(&Pdf { info: info.clone(), ..Pdf::of([page]) });
        assert_eq!(article.published.map(|moment| moment.to_string()).as_deref(), Some(date));
        assert_eq!(article.evidence["published"], from);
    }
}

#[test]
fn the_language_is_that_of_the_text_and_of_the_catalogue() {
    assert_eq!(article(&Pdf::of([page(&LINES)])).language.as_deref(), Some("en"));
}

#[test]
fn what_cannot_be_read_is_said_in_one_line() {
    let mut scan = Page::default();
    scan.ops.push_str("q 612 0 0 792 0 0 cm /X1 Do Q\n");
    let mut scan = Pdf::of([scan]);
    scan.resources = "/XObject <</X1 10 0 R>>".to_owned();
    scan.more = vec![Pdf::stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
        b"x",
    )];
    assert!(refused(scan.bytes()).ends_with("a scanned PDF without text; run it through OCR (ocrmypdf) first"));

    let locked = Pdf {
        trailer: "/ID [<0123456789abcdef0123456789abcdef> <0123456789abcdef0123456789abcdef>] \
                  /Encrypt <</Filter /Standard /V 1 /R 2 /P -4 /O <00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff> \
                  /U <00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff>>>"
            .to_owned(),
        ..Pdf::of([page(&LINES)])
    };
    assert!(refused(locked.bytes()).contains("needs a password"), "{}", refused(locked.bytes()));
    assert!(refused(b"%PDF-1.7\nnothing".to_vec()).contains("a damaged PDF"));
}

#[test]
fn a_stream_that_expands_without_end_is_refused() {
    let mut pdf = Pdf::of([page(&LINES)]);
    pdf.more = vec![Pdf::stream("/Filter [/FlateDecode /FlateDecode]", &packed(&packed(&[b' '; 4096])))];
    assert!(refused(pdf.bytes()).contains("expand to more than"));
}

#[test]
fn damage_anywhere_is_an_error_or_less_text_but_no_panic() {
    let pdf = Pdf { form: Form::ObjectStreams, ..Pdf::of([page(&LINES), page(&LINES)]) };
    let bytes = pdf.bytes();
    let mut read = 0;
    for cut in (0..bytes.len()).step_by(37) {
        read += usize::from(extracted(bytes[..cut].to_vec()).is_ok());
        let mut flipped = bytes.clone();
        flipped[cut] ^= 0x55;
        read += usize::from(extracted(flipped).is_ok());
    }
    assert!(read > 0);
}

#[test]
fn forms_that_draw_themselves_end() {
    let mut page = Page::default();
    page.ops.push_str("/X1 Do\n");
    let mut pdf = Pdf::of([page]);
    pdf.resources = "/XObject <</X1 10 0 R>>".to_owned();
    let inner = "BT /F1 10 Tf 72 700 Td (Once more.) Tj ET /X1 Do";
    pdf.more = vec![Pdf::stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources <</Font <</F1 3 0 R>> /XObject <</X1 10 0 R>> >>",
        inner.as_bytes(),
    )];
    assert_eq!(texts(&article(&pdf)), ["Once more."]);
}
