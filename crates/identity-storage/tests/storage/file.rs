//! The file of an SQLite database: nobody else reads it, and nothing goes on over another one.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

use identity_core::{
    change::{Change, CommitError, CompanyChange},
    port::{Commit as _, Store},
};
use identity_storage::{DatabaseUrl, PoolLimits, Storage};
use identity_testkit::Fixture;

async fn opened(folder: &Path) -> Storage {
    let url = DatabaseUrl::file(folder.join("identity.db"));
    let storage = Storage::open(&url, PoolLimits::default()).await.expect("the database opens");
    storage.migrate().await.expect("the schema is laid");
    storage
}

async fn written(storage: &Storage, seed: u64) {
    let store: Arc<dyn Store> = Arc::new(storage.clone());
    Fixture::new(store, seed).inhabited("ada@example.org").await;
}

fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("identity.db")).collect()
}

#[tokio::test]
async fn only_the_owner_reads_the_files_of_a_database() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let modes = || {
        let files = files_of(folder.path());
        assert_eq!(files.len(), 4, "{files:?}");
        files.into_iter().filter(|path| fs::metadata(path).unwrap().mode() & 0o777 != 0o600).collect::<Vec<_>>()
    };
    let storage = opened(folder.path()).await;
    written(&storage, 1).await;
    assert_eq!(modes(), Vec::<std::path::PathBuf>::new());
    // As an earlier version left them.
    for path in files_of(folder.path()) {
        fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    }
    let again = opened(folder.path()).await;
    assert_eq!(modes(), Vec::<std::path::PathBuf>::new());
    again.close().await.unwrap();
    storage.close().await.unwrap();
}

/// Whatever happened to the file: nothing is answered, nothing is taken, and it is as before once the file is back.
async fn nothing_goes_on_without_the_file(lose: impl FnOnce(&Path, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    let storage = opened(folder.path()).await;
    let store: Arc<dyn Store> = Arc::new(storage.clone());
    let fixture = Fixture::new(store.clone(), 2);
    let (company, _) = fixture.inhabited("ada@example.org").await;
    let (path, kept) = (folder.path().join("identity.db"), folder.path().join("kept.db"));
    lose(&path, &kept);
    assert!(storage.ping().await.is_err(), "ready without its file");
    let error = store.company(company.id).await.expect_err("an answer from a file that is gone");
    let said = std::error::Error::source(&error).expect("why").to_string();
    assert!(said.contains("removed or replaced") && said.contains("identity.db"), "{said}");
    let refused = fixture.try_commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    assert!(matches!(refused, Err(CommitError::Unavailable(_))), "{refused:?}");
    assert!(fs::metadata(&path).map_or(0, |found| found.len()) == 0, "an empty installation was begun");
    if kept.exists() {
        fs::rename(&kept, &path).unwrap();
        assert!(store.company(company.id).await.unwrap().is_some());
        fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    }
}

#[tokio::test]
async fn a_database_file_that_was_moved_away_is_missed() {
    nothing_goes_on_without_the_file(|path, kept| fs::rename(path, kept).unwrap()).await;
}

#[tokio::test]
async fn a_database_file_that_was_removed_is_missed() {
    nothing_goes_on_without_the_file(|path, _| fs::remove_file(path).unwrap()).await;
}

#[tokio::test]
async fn a_database_file_that_was_replaced_is_missed() {
    nothing_goes_on_without_the_file(|path, kept| {
        fs::rename(path, kept).unwrap();
        fs::write(path, "").unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_ping_writes_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let storage = opened(folder.path()).await;
    written(&storage, 3).await;
    let wal = folder.path().join("identity.db-wal");
    let before = fs::metadata(&wal).unwrap().len();
    storage.ping().await.unwrap();
    let after = fs::metadata(&wal).unwrap().len();
    assert!(after > before, "nothing was written: a full disk would not be seen");
    for _ in 0..100 {
        storage.ping().await.unwrap();
    }
    assert!(fs::metadata(&wal).unwrap().len() < after + 100 * 4096, "asking again and again makes it write each time");
}
