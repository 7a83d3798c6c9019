//! Lower CPU priority for hashing threads, so that the rest of the process stays responsive while
//! they keep every core busy.

/// Adds `by` (0 to 19) to the nice value of the calling thread. On Linux `nice(2)` concerns the
/// calling thread only; elsewhere it would be the whole process, so nothing is done there.
pub(super) fn lower(by: u8) {
    #[cfg(target_os = "linux")]
    if by > 0
        && let Err(error) = rustix::process::nice(i32::from(by.min(19)))
    {
        // Hashing is still correct at normal priority.
        tracing::warn!(%error, by, "could not lower the priority of a hashing thread");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = by;
}
