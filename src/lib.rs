//! dynamini
pub mod config;
pub mod model;
pub mod store;
pub mod text;
