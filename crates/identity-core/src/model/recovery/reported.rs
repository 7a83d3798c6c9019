//! "This wasn't me".

/// What a person says was somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// Asking for a new password: links to one die.
    Reset,
    /// Changing the password: it lets nobody in any more, every session ends, and a link to a new one is mailed.
    Change,
}
