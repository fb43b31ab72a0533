//! A small writer of PDFs.

use std::fmt::Write;
use std::io::Write as _;

/// A page of 612 by 792 points: its operators.
#[derive(Default, Clone)]
pub(super) struct Page {
    pub(super) ops: String,
}

impl Page {
    /// Shows a text at a place. A `)` or `\` must be escaped.
    pub(super) fn at(&mut self, x: f32, y: f32, size: f32, text: &str) -> &mut Self {
        self.in_font("F1", x, y, size, text)
    }

    pub(super) fn bold(&mut self, x: f32, y: f32, size: f32, text: &str) -> &mut Self {
        self.in_font("F2", x, y, size, text)
    }

    pub(super) fn in_font(&mut self, font: &str, x: f32, y: f32, size: f32, text: &str) -> &mut Self {
        writeln!(self.ops, "BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET").unwrap();
        self
    }

    /// Lines below each other, 1.2 em apart.
    pub(super) fn lines(&mut self, x: f32, y: f32, size: f32, lines: &[&str]) -> &mut Self {
        for (line, text) in lines.iter().enumerate() {
            self.at(x, y - line as f32 * size * 1.2, size, text);
        }
        self
    }
}

/// How the objects are written.
#[derive(Clone, Copy, PartialEq, Default)]
pub(super) enum Form {
    #[default]
    Plain,
    /// Content streams are compressed.
    Compressed,
    /// All objects but streams stand in a compressed object stream, and the table is a stream.
    ObjectStreams,
    /// The table of objects points to the wrong places.
    BrokenTable,
}

#[derive(Default, Clone)]
pub(super) struct Pdf {
    pub(super) pages: Vec<Page>,
    /// The inside of the document information.
    pub(super) info: String,
    /// Entries of the trailer.
    pub(super) trailer: String,
    /// Entries of each page.
    pub(super) page: String,
    /// Entries of the resources of each page.
    pub(super) resources: String,
    /// Further objects, from number 10.
    pub(super) more: Vec<Vec<u8>>,
    pub(super) form: Form,
}

/// Number of the first object that a test adds.
const MORE: usize = 10;

impl Pdf {
    pub(super) fn of(pages: impl Into<Vec<Page>>) -> Self {
        Self { pages: pages.into(), ..Self::default() }
    }

    pub(super) fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
        let head = format!("<<{dictionary} /Length {}>>\nstream\n", bytes.len());
        [head.as_bytes(), bytes, b"\nendstream"].concat()
    }

    /// A `ToUnicode` map of bytes to hexadecimal UTF-16.
    pub(super) fn unicode_map(pairs: &[(u8, &str)]) -> Vec<u8> {
        let mut map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n".to_owned();
        writeln!(map, "{} beginbfchar", pairs.len()).unwrap();
        pairs.iter().for_each(|(code, text)| writeln!(map, "<{code:02x}> <{text}>").unwrap());
        map.push_str("endbfchar endcmap end end\n");
        Self::stream("", map.as_bytes())
    }

    fn objects(&self) -> Vec<Vec<u8>> {
        let first = MORE + self.more.len();
        let kids: Vec<String> = (0..self.pages.len()).map(|at| format!("{} 0 R", first + 2 * at)).collect();
        let font = |name: &str| {
            format!("<</Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding>>").into_bytes()
        };
        let empty = || b"null".to_vec();
        let mut objects = vec![
            b"<</Type /Catalog /Pages 2 0 R /Lang (en-GB)>>".to_vec(),
            format!("<</Type /Pages /Kids [{}] /Count {}>>", kids.join(" "), kids.len()).into_bytes(),
            font("Courier"),
            font("Courier-Bold"),
            format!("<<{}>>", self.info).into_bytes(),
            empty(),
            empty(),
            empty(),
            empty(),
        ];
        objects.extend(self.more.iter().cloned());
        for (at, page) in self.pages.iter().enumerate() {
            objects.push(
                format!(
                    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R {} /Resources <</Font <</F1 3 0 R /F2 4 0 R \
                     /F3 10 0 R>> {}>> >>",
                    first + 2 * at + 1,
                    self.page,
                    self.resources
                )
                .into_bytes(),
            );
            let ops: Vec<u8> = page.ops.chars().map(|c| c as u8).collect();
            objects.push(match self.form {
                Form::Plain | Form::BrokenTable => Self::stream("", &ops),
                _ => Self::stream("/Filter /FlateDecode", &packed(&ops)),
            });
        }
        objects
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.form == Form::ObjectStreams {
            return self.in_streams();
        }
        let mut out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut table = String::new();
        let objects = self.objects();
        for (number, object) in objects.iter().enumerate() {
            let at = out.len() + if self.form == Form::BrokenTable { 7 } else { 0 };
            writeln!(table, "{at:010} 00000 n\r").unwrap();
            out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let at = out.len();
        let tail = format!(
            "xref\n0 {}\n0000000000 65535 f\r\n{table}trailer\n<</Size {} /Root 1 0 R /Info 5 0 R {}>>\nstartxref\n{at}\n%%EOF\n",
            objects.len() + 1,
            objects.len() + 1,
            self.trailer,
        );
        out.extend(tail.into_bytes());
        out
    }

    fn in_streams(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.5\n".to_vec();
        let objects = self.objects();
        let (holder, table) = (objects.len() + 1, objects.len() + 2);
        let (mut numbers, mut held, mut rows) = (String::new(), Vec::new(), vec![[0u8, 0, 0, 0, 0]]);
        let mut index = 0u8;
        let row = |kind: u8, at: usize, last: u8| [kind, (at >> 16) as u8, (at >> 8) as u8, at as u8, last];
        for (number, object) in objects.iter().enumerate() {
            if object.ends_with(b"endstream") {
                rows.push(row(1, out.len(), 0));
                out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
                out.extend_from_slice(object);
                out.extend_from_slice(b"\nendobj\n");
            } else {
                rows.push(row(2, holder, index));
                index += 1;
                write!(numbers, "{} {} ", number + 1, held.len()).unwrap();
                held.extend_from_slice(object);
                held.push(b' ');
            }
        }
        let dictionary = format!("/Type /ObjStm /N {index} /First {} /Filter /FlateDecode", numbers.len());
        rows.push(row(1, out.len(), 0));
        out.extend(format!("{holder} 0 obj\n").into_bytes());
        out.extend(Self::stream(&dictionary, &packed(&[numbers.as_bytes(), &held].concat())));
        out.extend_from_slice(b"\nendobj\n");
        let at = out.len();
        rows.push(row(1, at, 0));
        let dictionary =
            format!("/Type /XRef /Size {} /W [1 3 1] /Root 1 0 R /Info 5 0 R /Filter /FlateDecode", table + 1);
        out.extend(format!("{table} 0 obj\n").into_bytes());
        out.extend(Self::stream(&dictionary, &packed(&rows.concat())));
        out.extend(format!("\nendobj\nstartxref\n{at}\n%%EOF\n").into_bytes());
        out
    }
}

pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
