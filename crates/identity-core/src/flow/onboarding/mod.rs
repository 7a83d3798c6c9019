//! The first login: what a person is led through once, step by step. Every step is open until it is done or skipped; where the
//! person goes away in between, it goes on there at the next login.

mod manage;

pub use manage::{CloseStepCommand, CloseStepError, ManageOnboarding};
