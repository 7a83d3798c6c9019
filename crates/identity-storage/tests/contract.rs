//! The contract on every database.

#![expect(clippy::expect_used, reason = "a database that does not open is a failed test")]

use std::sync::Arc;

use identity_core::port::Store;
use identity_storage::{DatabaseUrl, Storage};
use identity_testkit::contract;
use tempfile::TempDir;

async fn sqlite() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = DatabaseUrl::new(format!("sqlite://{}", folder.path().join("identity.db").display()).into());
    let storage = Storage::open(&url).await.expect("the database opens");
    storage.migrate().await.expect("the schema is laid");
    (Arc::new(storage), folder)
}

contract!(sqlite, sqlite());
