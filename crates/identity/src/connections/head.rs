//! What RFC 9112 asks of a request beyond what the HTTP library checks.

use axum::http::{
    HeaderMap, Version,
    header::{HOST, TRANSFER_ENCODING},
};

/// Finds line ends in the heads of a connection's requests that are not CR LF. RFC 9112 §2.2 lets a server take a bare LF for the end of
/// a line; a server and a proxy that do not agree on it disagree on where a request ends.
#[derive(Debug, Default)]
pub(super) struct HeadLines {
    at: At,
    previous: u8,
    line: Vec<u8>,
    body: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Head,
    Body,
    /// After a body whose end stands in itself: such a connection takes no further request.
    Rest,
}

/// The name of the header that says how long a body is, with its colon.
const LENGTH: &[u8] = b"content-length:";
/// The start of the header that says that the body's end stands in itself.
const ENCODING: &[u8] = b"transfer-encoding:";
/// As much of a line as is looked at.
const LINE: usize = 64;

impl HeadLines {
    /// Replaces each bare LF of a head with NUL, which no head may hold: the parser answers 400 and closes.
    pub(super) fn check(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            match self.at {
                At::Rest => return,
                At::Body => {
                    let skipped = usize::try_from(self.body).unwrap_or(usize::MAX).min(bytes.len());
                    self.body -= skipped as u64;
                    if self.body == 0 {
                        self.at = At::Head;
                    }
                    bytes = bytes.get_mut(skipped..).unwrap_or_default();
                }
                At::Head => {
                    let Some((byte, rest)) = bytes.split_first_mut() else { return };
                    self.byte(byte);
                    bytes = rest;
                }
            }
        }
    }

    fn byte(&mut self, byte: &mut u8) {
        if *byte == b'\n' {
            if self.previous == b'\r' {
                self.end_line();
            } else {
                *byte = 0;
            }
        } else if *byte != b'\r' && self.line.len() < LINE {
            self.line.push(byte.to_ascii_lowercase());
        }
        self.previous = *byte;
    }

    fn end_line(&mut self) {
        if let Some(length) = self.line.strip_prefix(LENGTH) {
            let text = String::from_utf8_lossy(length);
            self.body = text.trim().parse().unwrap_or(0);
        } else if self.line.starts_with(ENCODING) {
            self.at = At::Rest;
        } else if self.line.is_empty() && self.body > 0 {
            self.at = At::Body;
        }
        self.line.clear();
    }
}

/// What is wrong with the head of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadHead {
    /// RFC 9112 §3.2: a request of HTTP/1.1 has one `Host`.
    Host,
    /// RFC 9112 §6.1: the end of the body is not certain.
    Encoding,
}

/// Refuses what leaves open whom a request is for, or where it ends.
pub(super) fn check(version: Version, headers: &HeaderMap) -> Result<(), BadHead> {
    let hosts = headers.get_all(HOST).iter().count();
    let is_host_there = hosts == 1 || (hosts == 0 && version < Version::HTTP_11);
    if !is_host_there || headers.get(HOST).is_some_and(|host| !is_host(host.as_bytes())) {
        return Err(BadHead::Host);
    }
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (None, _) => Ok(()),
        (Some(one), None) if one.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(BadHead::Encoding),
    }
}

/// Whether only such characters stand in it as a name or an address with a port may have.
fn is_host(host: &[u8]) -> bool {
    host.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+,;=".contains(byte))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    /// How many line ends are found bad, with the bytes coming in pieces of this length.
    fn bad(text: &str, piece: usize) -> usize {
        let mut lines = HeadLines::default();
        let mut bytes = text.as_bytes().to_vec();
        bytes.chunks_mut(piece).for_each(|piece| lines.check(piece));
        bytes.iter().filter(|byte| **byte == 0).count()
    }

    #[test]
    fn a_bare_line_feed_is_found_in_heads_and_nowhere_else() {
        for piece in [1, 3, 4096] {
            assert_eq!(bad("GET / HTTP/1.1\r\nHost: x\r\n\r\n", piece), 0);
            assert_eq!(bad("GET / HTTP/1.1\nHost: x\r\n\r\n", piece), 1);
            assert_eq!(bad("GET / HTTP/1.1\r\nHost: x\n\n", piece), 2);
            assert_eq!(bad("POST / HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\na\nb\ncGET / HTTP/1.1\r\nHost: x\r\n\r\n", piece), 0);
            assert_eq!(bad("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\nb\ncGET / HTTP/1.1\nHost: x\r\n\r\n", piece), 1);
            assert_eq!(bad("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n0\r\n\r\n", piece), 0);
        }
    }

    #[test]
    fn a_request_has_one_host_and_one_end() {
        let check = |version, pairs: &[(HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, HeaderValue::from_str(value).unwrap());
            }
            super::check(version, &headers)
        };
        assert_eq!(check(Version::HTTP_11, &[(HOST, "id.example.org:8080")]), Ok(()));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "[::1]:8080")]), Ok(()));
        assert_eq!(check(Version::HTTP_11, &[]), Err(BadHead::Host));
        assert_eq!(check(Version::HTTP_10, &[]), Ok(()));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a"), (HOST, "a")]), Err(BadHead::Host));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a b")]), Err(BadHead::Host));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a/b")]), Err(BadHead::Host));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a"), (TRANSFER_ENCODING, "Chunked")]), Ok(()));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a"), (TRANSFER_ENCODING, "chunked, chunked")]), Err(BadHead::Encoding));
        let twice = [(HOST, "a"), (TRANSFER_ENCODING, "chunked"), (TRANSFER_ENCODING, "chunked")];
        assert_eq!(check(Version::HTTP_11, &twice), Err(BadHead::Encoding));
        assert_eq!(check(Version::HTTP_11, &[(HOST, "a"), (TRANSFER_ENCODING, "gzip, chunked")]), Err(BadHead::Encoding));
    }
}
