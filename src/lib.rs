//! dynamini
pub mod config;
pub mod history;
pub mod json;
pub mod model;
pub mod store;
pub mod text;
pub mod tui;
