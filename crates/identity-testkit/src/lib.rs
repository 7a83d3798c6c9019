#![doc = include_str!("../README.md")]

pub mod contract;
mod fault;
mod fixture;
mod hasher;
mod kit;
mod lists;
mod mailer;
mod memory;
mod meter;
mod pictures;
mod time;
mod world;

pub use fault::{Faults, Injected};
pub use fixture::Fixture;
pub use hasher::PlainHasher;
pub use kit::Kit;
pub use lists::{PlainPhoneNumbers, ScriptedBreaches, ScriptedDomains};
pub use mailer::RecordingMailer;
pub use memory::{MemoryStore, Persist, State, Volatile};
pub use meter::ScriptedMeter;
pub use pictures::ScriptedFitter;
pub use time::{ManualClock, SeededEntropy};
pub use world::{TestMail, TestWorld};
