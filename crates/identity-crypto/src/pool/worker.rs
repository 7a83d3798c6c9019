//! What a hashing thread does.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use argon2::{Algorithm, Argon2, Version, password_hash::phc::Output};
use secrecy::{ExposeSecret, zeroize::Zeroize};

use super::{HashError, Shared, priority, queue::Job, scratch::Scratch, stored::Recipe};
use crate::pepper::Pepper;

/// Serves the queue until it closes.
pub(super) fn run(shared: &Shared, mut scratch: Scratch) {
    priority::lower(shared.niceness);
    while let Some(job) = shared.queue.next() {
        // Its caller has gone: dropping the job here gives its permit back.
        if job.claim.take() {
            serve(shared, &mut scratch, job);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measures its own pace; no decision of the domain hangs on it")]
fn serve(shared: &Shared, scratch: &mut Scratch, job: Job) {
    let Job { password, recipe, reply, permit, .. } = job;
    let start = Instant::now();
    // Nothing in there is expected to panic; if it does, one caller gets an error and the thread
    // goes on. The blocks hold no invariant that a half-done hash could break.
    let outcome =
        catch_unwind(AssertUnwindSafe(|| compute(shared, scratch, password.expose_secret(), &recipe))).unwrap_or_else(|_| {
            tracing::error!("a password hash computation panicked");
            Err(HashError::Internal)
        });
    drop(password);
    shared.pace.record(start.elapsed());
    // Before the reply: a caller that comes straight back must find the room it has left.
    drop(permit);
    // An error means that the caller has gone away meanwhile.
    let _ = reply.send(outcome);
}

/// The one place where Argon2 runs.
fn compute(shared: &Shared, scratch: &mut Scratch, password: &[u8], recipe: &Recipe) -> Result<Output, HashError> {
    let (params, pepper) = (recipe.params.clone(), recipe.pepper.as_ref().map_or(&[][..], Pepper::expose));
    // Without a pepper this is Argon2 with an empty secret, which is the one without any (RFC 9106 §3.2).
    let argon2 = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(|_| HashError::Internal)?;
    let mut buffer = [0; Output::MAX_LENGTH];
    let out = buffer.get_mut(..recipe.output_len).ok_or(HashError::Internal)?;
    #[cfg(not(test))]
    let _ = shared;
    scratch
        .with(recipe.params.block_count(), |blocks| {
            #[cfg(test)]
            shared.observe(&super::Stage::Started { buffer: blocks.as_ptr() as usize });
            let done = argon2.hash_password_into_with_memory(password, &recipe.salt, out, blocks);
            #[cfg(test)]
            shared.observe(&super::Stage::Finished);
            done
        })
        .map_err(|_| HashError::OutOfMemory)?
        .map_err(|_| HashError::Internal)?;
    let output = Output::new(out).map_err(|_| HashError::Internal);
    buffer.zeroize();
    output
}
