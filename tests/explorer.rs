//! The explorer: keys in, screen out.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "explorer/driver.rs"]
mod driver;

use driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn peek() {
    let mut explorer = Explorer::demo().await;
    println!("{}", explorer.screen());
    explorer.keys("j l l l").await;
    println!("{}", explorer.screen());
    explorer.keys("l").await;
    println!("{}", explorer.screen());
    explorer.keys("=").await;
    println!("{}", explorer.screen());
    explorer.keys("?").await;
    println!("{}", explorer.screen());
}
