//! Text for people: what data may show on a terminal, how wide it is there, and short forms of sizes, ages and counts.
//!
//! Names and values come from others, so nothing of them reaches a terminal, a title, the clipboard sequence or stderr
//! before it went through [`display_safe`] or [`display_safe_lines`]. Widths are counted as the screen buffer counts
//! them, one grapheme after the other, so that what is cut to a width fills exactly that width.

mod contains;
mod human;
mod safe;
mod width;

pub use contains::contains;
pub use human::{age, count, number, size};
pub use safe::{display_safe, display_safe_lines};
pub use width::{fit, truncate, width};
