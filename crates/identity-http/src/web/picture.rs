//! A picture as an answer: nothing but a picture, whatever a browser makes of it.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use identity_core::model::account::Picture;

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "image/jpeg"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_DISPOSITION, "inline; filename=\"picture.jpg\""),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
];

/// The JPEG.
pub(crate) fn answer(picture: &Picture) -> Response {
    let mut response = picture.bytes.to_vec().into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The JPEG under its name, which never means another.
pub(crate) fn lasting(picture: &Picture) -> Response {
    let mut response = answer(picture);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    response
}
