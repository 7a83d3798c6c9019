//! Uploads: read as they come, and no further than they may go.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, Multipart, Request, multipart::Field},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::BodyExt as _;
use identity_core::port::{MAX_UPLOAD, Square};

use crate::{
    app::App,
    problem::{Problem, ProblemKind},
};

/// The most bytes of a form with a picture in it.
pub(crate) const FORM_LIMIT: usize = MAX_UPLOAD + 16 * 1024;

/// The most bytes of a field beside the picture.
const FIELD_LIMIT: usize = 256;

fn too_large() -> Problem {
    Problem::new(ProblemKind::TooLarge, "Send a picture of at most 5 MiB.")
}

fn malformed() -> Problem {
    Problem::new(ProblemKind::Malformed, "Send the whole body, as its head says.")
}

fn refuse_what_says_so(headers: &HeaderMap, limit: usize) -> Result<(), Problem> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > u64::try_from(limit).unwrap_or(u64::MAX)) { Err(too_large()) } else { Ok(()) }
}

/// The body; not a byte of it is read beyond the limit.
pub(crate) async fn bytes(headers: &HeaderMap, mut body: Body) -> Result<Vec<u8>, Problem> {
    refuse_what_says_so(headers, MAX_UPLOAD)?;
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| malformed())?.into_data() else { continue };
        if bytes.len().saturating_add(data.len()) > MAX_UPLOAD {
            return Err(too_large());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Takes a body and keeps nothing of it, up to the limit. A client that still sends reads no answer, and a connection that is closed
/// meanwhile takes the answer away.
pub(crate) async fn discard(mut body: Body) {
    let mut left = FORM_LIMIT;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// A form with a file in it, field by field in the order in which the page has them.
pub(crate) struct UploadForm(Multipart);

impl UploadForm {
    pub(crate) async fn of(request: Request, app: &App) -> Result<Self, Problem> {
        refuse_what_says_so(request.headers(), FORM_LIMIT)?;
        let form = Multipart::from_request(request, app).await.map_err(|_| {
            let detail = "Send the form as multipart/form-data.";
            Problem::new(ProblemKind::NotAForm, detail)
        })?;
        Ok(Self(form))
    }

    /// The next field: its name and what was typed into it.
    pub(crate) async fn text(&mut self) -> Result<Option<(String, String)>, Problem> {
        let Some(field) = self.0.next_field().await.map_err(|_| malformed())? else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        let text = String::from_utf8(read(field, FIELD_LIMIT).await?).map_err(|_| malformed())?;
        Ok(Some((name, text)))
    }

    /// The file of that name, which is the last field.
    pub(crate) async fn file(mut self, name: &str) -> Result<Vec<u8>, Problem> {
        let field = self.0.next_field().await.map_err(|_| malformed())?;
        match field.filter(|field| field.name() == Some(name)) {
            Some(field) => read(field, MAX_UPLOAD).await,
            None => Err(malformed()),
        }
    }
}

async fn read(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(data) = field
        .chunk()
        .await
        .map_err(|error| if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { malformed() })?
    {
        if bytes.len().saturating_add(data.len()) > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// The square of a picture: all three of its numbers, or nothing said; `None` where that is not so.
pub(crate) fn square(x: Option<u32>, y: Option<u32>, size: Option<u32>) -> Option<Option<Square>> {
    match (x, y, size) {
        (Some(x), Some(y), Some(size)) => Some(Some(Square { x, y, size })),
        (None, None, None) => Some(None),
        _ => None,
    }
}
