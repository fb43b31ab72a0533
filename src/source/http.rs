//! An HTTP response as a web archive keeps it: status, headers, body with transfer and content coding undone.

use std::io::Read;

/// The head of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Reads the status line and header lines; the second value is the byte at which the body begins.
    pub(super) fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut at = 0;
        let mut head = Self::default();
        loop {
            let length = bytes[at..].iter().position(|byte| *byte == b'\n')?;
            let line = String::from_utf8_lossy(bytes[at..at + length].trim_ascii_end()).into_owned();
            let first = at == 0;
            at += length + 1;
            if first {
                let mut parts = line.split_ascii_whitespace();
                parts.next().filter(|version| version.starts_with("HTTP/"))?;
                head.status = parts.next()?.parse().ok()?;
            } else if line.is_empty() {
                return Some((head, at));
            } else {
                add_header(&mut head.headers, &line);
            }
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// The value of a header, whatever case its name is in.
pub(super) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Adds a header line; one that begins with white space continues the line before.
pub(super) fn add_header(headers: &mut Vec<(String, String)>, line: &str) {
    if line.starts_with([' ', '\t']) {
        if let Some((_, value)) = headers.last_mut() {
            value.push(' ');
            value.push_str(line.trim());
        }
    } else if let Some((name, value)) = line.split_once(':') {
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
}

/// Why a body could not be decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    /// It is larger than the limit.
    TooLarge,
    /// It is damaged or in a coding that is not known.
    Damaged(String),
}

/// Undoes chunked transfer coding and compression. Some archives have undone them and kept the headers, so a body that
/// does not look encoded stays as it is.
pub(super) fn body(head: &Head, raw: Vec<u8>, limit: u64) -> Result<Vec<u8>, BodyError> {
    let chunked = head.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let raw = match chunked {
        true => unchunk(&raw).unwrap_or(raw),
        false => raw,
    };
    let coding = head.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
    match coding.as_str() {
        "gzip" | "x-gzip" if raw.starts_with(&[0x1f, 0x8b]) => {
            expanded(flate2::read::MultiGzDecoder::new(&raw[..]), raw.len(), limit)
        }
        "deflate" if raw.first() == Some(&0x78) => expanded(flate2::read::ZlibDecoder::new(&raw[..]), raw.len(), limit),
        "zstd" if raw.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => match zstd::stream::read::Decoder::new(&raw[..]) {
            Ok(decoder) => expanded(decoder, raw.len(), limit),
            Err(cause) => Err(BodyError::Damaged(cause.to_string())),
        },
        "br" if std::str::from_utf8(&raw).is_err() => {
            Err(BodyError::Damaged("its content coding 'br' is not read".to_owned()))
        }
        _ => Ok(raw),
    }
}

/// Decompresses a body. One that is cut off is kept as far as it can be read, as browsers do.
fn expanded(input: impl Read, packed: usize, limit: u64) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::with_capacity(packed.saturating_mul(3).min(1 << 20));
    match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        _ if bytes.len() as u64 > limit => Err(BodyError::TooLarge),
        Err(cause) if bytes.is_empty() => Err(BodyError::Damaged(format!("its content coding is damaged: {cause}"))),
        _ => Ok(bytes),
    }
}

/// Joins the chunks of a body; `None` where the bytes are not chunked.
fn unchunk(raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        let end = rest.iter().take(1024).position(|byte| *byte == b'\n');
        let size = end.and_then(|end| {
            let line = std::str::from_utf8(&rest[..end]).ok()?;
            usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()
        });
        let (Some(end), Some(size)) = (end, size) else {
            return (!body.is_empty()).then_some(body); // cut within a chunk
        };
        if size == 0 {
            return Some(body);
        }
        rest = &rest[end + 1..];
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        body.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_what_is_not_chunked_stays() {
        assert_eq!(unchunk(b"4\r\nNato\r\n6;x=y\r\n meets\r\n0\r\n\r\n").unwrap(), b"Nato meets");
        assert_eq!(unchunk(b"4\r\nNato\r\nff\r\n mee").unwrap(), b"Nato mee");
        assert_eq!(unchunk(b"<html>\n"), None);
    }
}
