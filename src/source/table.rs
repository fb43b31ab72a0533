//! Recognising tables (CSV, TSV), which are not read: all their rows would become one article.

/// Rows that are looked at, at most.
const ROWS: usize = 30;

/// Whether a text is a table. One whose name says so needs two rows of the same number of columns, any other one a row
/// of names and four rows of at least four columns.
pub(super) fn is_table(start: &[u8], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let named = [".csv", ".tsv", ".tab"].iter().any(|end| name.ends_with(end));
    let (rows, columns) = if named { (2, 2) } else { (5, 4) };
    [b',', b';', b'\t', b'|'].iter().any(|separator| {
        let widths = widths(start, *separator);
        let width = widths.first().copied().unwrap_or(0);
        width >= columns
            && widths.len() >= rows
            && widths.iter().all(|other| *other == width)
            && (named || has_names(start, *separator) && !is_prose(start, *separator))
    })
}

/// The number of columns of each row. Quotation marks hold separators and line breaks. A row that may be cut off at the
/// end of what was looked at is left out, unless it is the only one.
fn widths(start: &[u8], separator: u8) -> Vec<usize> {
    let (mut widths, mut width, mut quoted, mut any) = (Vec::new(), 1, false, false);
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if any {
                    widths.push(width);
                }
                (width, any) = (1, false);
                if widths.len() == ROWS {
                    return widths;
                }
                continue;
            }
            byte if *byte == separator && !quoted => width += 1,
            _ => {}
        }
        any |= !byte.is_ascii_whitespace() || *byte == separator;
    }
    if any && !quoted && start.len() < super::guard::HEAD {
        widths.push(width);
    }
    widths
}

/// Whether blanks follow the separators, as they follow commas in prose.
fn is_prose(start: &[u8], separator: u8) -> bool {
    let all = start.iter().filter(|byte| **byte == separator).count();
    let apart = start.windows(2).filter(|two| two[0] == separator && two[1] == b' ').count();
    matches!(separator, b',' | b';') && apart * 5 > all
}

/// Whether the first row consists of names: short, without a full stop, none of them twice.
fn has_names(start: &[u8], separator: u8) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names: Vec<&[u8]> = line.split(|byte| *byte == separator).map(|name| name.trim_ascii()).collect();
    let short = |name: &&[u8]| !name.is_empty() && name.len() <= 40 && !name.ends_with(b".");
    names.iter().all(short) && (1..names.len()).all(|at| !names[..at].contains(&names[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_prose() {
        let rows = "id,title,date,url\n1,\"A, b\nc\",2025,x\n2,B,2025,y\n3,C,2025,z\n4,D,2025,w\n";
        assert!(is_table(rows.as_bytes(), "x"));
        assert!(is_table(rows.replace(',', "\t").as_bytes(), "x"));
        assert!(is_table(rows.replace("title", "Article title").as_bytes(), "x"));
        assert!(is_table(b"title;text\nA;B\n", "x.CSV"));
        assert!(is_table(b"title,text\nA,B\n", "x.csv.gz"));
        for prose in [
            "Ships, tanks, guns and men\nwent by rail, road, sea and air\n".repeat(4),
            "The minister said no.\n\nNobody asked, and nobody knew.\n".to_owned(),
            "Ships, tanks, guns, men\nrail, road, sea, air\nLorn, Alda, Ost, West\non, on, on, on\nat, last, it, is\n"
                .to_owned(),
            "a,b\nc,d\n".to_owned(),
        ] {
            assert!(!is_table(prose.as_bytes(), "x"), "{prose}");
        }
        assert!(!is_table(b"Only a sentence, in a file of the wrong name.", "x.csv"));
    }
}
