//! The style sheet, the script and the icon: built in, named by their content, compressed once, cached for good.

use std::sync::LazyLock;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};

use crate::{
    problem::Problem,
    web::{compress::Fixed, query::Id},
};

struct Asset {
    name: String,
    kind: &'static str,
    body: Fixed,
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, bytes: &'static [u8]) -> Self {
        let hash = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
        Self { name: format!("{stem}.{hash}.{ending}"), kind, body: Fixed::new(Bytes::from_static(bytes)) }
    }
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("app", "css", "text/css; charset=utf-8", include_bytes!("../assets/app.css")),
        Asset::new("app", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/app.js")),
        Asset::new("icon", "svg", "image/svg+xml; charset=utf-8", include_bytes!("../assets/icon.svg")),
    ]
});

fn path(of: usize) -> String {
    ASSETS.get(of).map(|asset| format!("/assets/{}", asset.name)).unwrap_or_default()
}

pub(crate) fn style_sheet() -> String {
    path(0)
}

pub(crate) fn script() -> String {
    path(1)
}

pub(crate) fn icon() -> String {
    path(2)
}

pub(crate) async fn serve(Id(name): Id<String>, headers: HeaderMap) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
                (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
            ],
            asset.body.answer(&headers),
        )
            .into_response(),
        None => Problem::not_found().into_response(),
    }
}
