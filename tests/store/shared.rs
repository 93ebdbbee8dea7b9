//! What tests of more than the store use of its tests.

pub mod wire;
pub mod world;
