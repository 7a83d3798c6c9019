//! What is kept of a person, as a ZIP: JSON that people can read and programs too, and the picture.

use std::io::{Cursor, Write as _};

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use identity_core::flow::privacy::OwnData;
use serde::Serialize;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{problem::Problem, wire::Exported};

const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "application/zip"),
    (header::CONTENT_DISPOSITION, "attachment; filename=\"your-data.zip\""),
    (header::CACHE_CONTROL, "no-store"),
];

/// The archive, to be saved.
pub(crate) fn answer(data: &OwnData) -> Result<Response, Problem> {
    let bytes = archive(data).map_err(|error| {
        tracing::error!(%error, "an archive could not be written");
        Problem::internal()
    })?;
    let mut response = bytes.into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Its files stand in it as they are: there is little of them, and every program opens that.
struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    fn file(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.0.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        self.0.write_all(bytes)
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> std::io::Result<()> {
        self.file(name, &serde_json::to_vec_pretty(value)?)
    }
}

fn archive(data: &OwnData) -> std::io::Result<Vec<u8>> {
    let mut archive = Archive(ZipWriter::new(Cursor::new(Vec::new())));
    let exported = Exported::from(data);
    archive.json("account.json", &exported.account)?;
    archive.json("sessions.json", &exported.sessions)?;
    archive.json("events.json", &exported.events)?;
    archive.json("terms.json", &exported.terms)?;
    archive.json("invitations.json", &exported.invitations)?;
    if let Some(picture) = &data.picture {
        archive.file("picture.jpg", &picture.bytes)?;
    }
    Ok(archive.0.finish()?.into_inner())
}
