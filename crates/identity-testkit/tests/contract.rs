//! The contract on the store in memory.

use std::sync::Arc;

use identity_core::port::Store;
use identity_testkit::{MemoryStore, contract};

async fn fresh() -> (Arc<dyn Store>, ()) {
    (Arc::new(MemoryStore::new()), ())
}

contract!(memory, fresh());
