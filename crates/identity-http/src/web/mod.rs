//! What stands around every request.

pub(crate) mod archive;
pub(crate) mod auth;
pub(crate) mod client;
pub(crate) mod compress;
pub(crate) mod cookies;
pub(crate) mod deadline;
pub(crate) mod feedback;
pub(crate) mod forgery;
pub(crate) mod form;
mod form_input;
pub(crate) mod headers;
pub(crate) mod hint;
pub(crate) mod json;
pub(crate) mod patience;
pub(crate) mod picture;
pub(crate) mod query;
pub(crate) mod return_to;
pub(crate) mod typed;
pub(crate) mod upload;
