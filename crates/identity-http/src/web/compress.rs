//! Compressed answers: brotli or gzip, as the browser takes them.
//!
//! A body is compressed whole and at once, so that a client that reads slowly holds bytes and no encoder. Pictures and archives are
//! left as they are. An answer to a request that another site caused is left as it is, too: a site that can make a browser ask, and sees
//! how long answers are, would learn from the lengths what stands in a page beside the guess (BREACH). What a form's token compresses
//! to tells nothing in any case: see [`forgery::token`](super::forgery::token).

use std::io::{self, Write as _};

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use flate2::{Compression, write::GzEncoder};

/// Below that, headers and the encoder cost more than is saved. In bytes.
const LEAST: u64 = 1024;
/// The longest body that is compressed while somebody waits, in bytes; whatever is longer goes out as it is.
const MOST: u64 = 1024 * 1024;
/// For what is compressed for one answer.
const QUICK: Effort = Effort { brotli: 4, gzip: 5 };
/// For what is compressed once and sent for as long as the program runs.
const THOROUGH: Effort = Effort { brotli: 9, gzip: 9 };

#[derive(Clone, Copy)]
struct Effort {
    brotli: i32,
    gzip: u32,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The better one of those that a client takes (RFC 9110 §12.5.3); a weight says only whether it takes it.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let taken = values.flat_map(|value| value.split(',')).filter_map(|part| {
            let mut parameters = part.split(';').map(str::trim);
            let coding = parameters.next()?;
            let weight = parameters.find_map(|one| one.strip_prefix("q=").or_else(|| one.strip_prefix("Q=")));
            weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)).then_some(coding)
        });
        let taken = taken.collect::<Vec<_>>();
        let takes = |coding: &Self| taken.iter().any(|one| one.eq_ignore_ascii_case(coding.as_str()));
        [Self::Brotli, Self::Gzip].into_iter().find(takes)
    }

    fn write(self, bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        let mut written = Vec::with_capacity(bytes.len() / 3);
        match self {
            Self::Brotli => {
                // A window of what there is and no more: it is what the encoder's memory goes by.
                let window = bytes.len().next_power_of_two().ilog2().clamp(10, 20);
                let params = brotli::enc::BrotliEncoderParams {
                    quality: effort.brotli,
                    lgwin: i32::try_from(window).unwrap_or(20),
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &bytes[..], &mut written, &params)?;
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut written, Compression::new(effort.gzip));
                encoder.write_all(bytes)?;
                encoder.finish()?;
            }
        }
        Ok(written)
    }
}

/// A body that is the same for everybody, and is compressed once.
pub(crate) struct Fixed {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Fixed {
    pub(crate) fn new(plain: Bytes) -> Self {
        let smaller = |coding: Coding| {
            let written = coding.write(&plain, THOROUGH).ok().filter(|written| written.len() < plain.len());
            written.map(Bytes::from)
        };
        Self { brotli: smaller(Coding::Brotli), gzip: smaller(Coding::Gzip), plain }
    }

    /// The body as this client takes it.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let coding = Coding::of(headers);
        let written = match coding {
            Some(Coding::Brotli) => self.brotli.as_ref(),
            Some(Coding::Gzip) => self.gzip.as_ref(),
            None => None,
        };
        let mut response = written.unwrap_or(&self.plain).clone().into_response();
        let sent = response.headers_mut();
        sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some((coding, _)) = coding.zip(written) {
            sent.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
        }
        response
    }
}

/// Whether it is text that has not been compressed.
fn is_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_text = kind.starts_with("text/") || kind == "application/json" || kind.ends_with("+json");
    is_text && !response.headers().contains_key(header::CONTENT_ENCODING)
}

/// Whether another site had the browser ask.
fn is_by_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

/// Compresses what is long enough to gain by it.
pub(crate) async fn answers(request: Request, next: Next) -> Response {
    let coding = Coding::of(request.headers()).filter(|_| !is_by_another_site(request.headers()));
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if !is_text(&response) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let length = response.body().size_hint().exact().filter(|length| (LEAST..=MOST).contains(length));
    let Some((coding, length)) = coding.zip(length).filter(|_| !is_head) else { return response };
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, usize::try_from(length).unwrap_or(usize::MAX)).await else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match coding.write(&plain, QUICK) {
        Ok(written) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(written))
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be compressed");
            Response::from_parts(parts, Body::from(plain))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_the_best_of_what_it_takes() {
        let of = |value: &str| Coding::of(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]));
        for value in ["gzip, deflate, br, zstd", "br", "BR;q=0.1, gzip;q=1.0", "gzip;q=0.5,br ; q=0.2"] {
            assert_eq!(of(value), Some(Coding::Brotli), "{value}");
        }
        for value in ["gzip", "br;q=0, gzip", "deflate, GZIP", "br;q=0.000, gzip;q=1"] {
            assert_eq!(of(value), Some(Coding::Gzip), "{value}");
        }
        for value in ["", "identity", "deflate", "br;q=0, gzip;q=0", "gzip;q=x", "zstd"] {
            assert_eq!(of(value), None, "{value}");
        }
        assert_eq!(Coding::of(&HeaderMap::new()), None);
    }
}
