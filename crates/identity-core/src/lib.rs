#![doc = include_str!("../README.md")]

pub mod change;
pub mod flow;
pub mod model;
pub mod port;
pub mod value;
