//! What reaches the cells: nothing that acts on a terminal, and everything told apart without colour too.

use dynamini::tui::theme::Palette;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::driver::{Explorer, Setup, with_sample};
use super::states::each_state;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_hostile_data_acts_on_the_terminal() {
    for place in [2, 5, 8] {
        let mut explorer = Explorer::own_demo().await;
        explorer.go_to(&["sandbox", "u-1042", "hostile-strings"]).await;
        explorer.keys("l").await;
        for _ in 0..place {
            explorer.keys("j").await;
            is_harmless(&mut explorer, "list");
        }
        each_state(&mut explorer, is_harmless).await;
    }
}

fn is_harmless(explorer: &mut Explorer, state: &str) {
    let harmful = |char: char| {
        char.is_control()
            || matches!(char, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
            || ('\u{202a}'..='\u{202e}').contains(&char)
            || ('\u{2066}'..='\u{2069}').contains(&char)
    };
    for size in [(120, 36), (80, 24), (44, 12)] {
        explorer.resize(size.0, size.1);
        for cell in explorer.draw().content() {
            assert!(!cell.symbol().contains(harmful), "{:?} in the state {state} at {size:?}", cell.symbol());
        }
    }
    explorer.resize(120, 36);
}

async fn plain() -> Explorer {
    Explorer::lamp_with(Setup { palette: Palette::Plain, ..Setup::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_colours_no_cell_has_one() {
    let mut explorer = plain().await;
    each_state(&mut explorer, |explorer, state| {
        let coloured = |cell: &&Cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset);
        let found = explorer.draw().content().iter().find(coloured).cloned();
        assert_eq!(found, None, "in the state {state}");
    })
    .await;
}

/// Returns the cell at the beginning of a text on the screen.
fn cell_of(buffer: &Buffer, text: &str) -> Cell {
    let wanted: Vec<String> = text.chars().map(String::from).collect();
    let columns = usize::from(buffer.area.width);
    let rows = buffer.content().chunks(columns);
    let found = rows
        .flat_map(|row| row.windows(wanted.len()))
        .find(|cells| cells.iter().zip(&wanted).all(|(cell, symbol)| cell.symbol() == symbol));
    found.unwrap_or_else(|| panic!("{text:?} is not there"))[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn selection_and_focus_are_told_without_colour() {
    let mut explorer = plain().await;
    let buffer = explorer.draw();
    assert!(cell_of(buffer, "▸ desk").modifier.contains(Modifier::REVERSED));
    assert!(!cell_of(buffer, "▸ lamps").modifier.contains(Modifier::REVERSED), "selected, but not in the focus");
    assert!(cell_of(buffer, "▸ lamps").modifier.contains(Modifier::BOLD));
    assert!(cell_of(buffer, "Entries").modifier.contains(Modifier::BOLD));
    explorer
        .shows("┏ 4 Entries")
        .shows("┌ 3 Collections")
        .keys("3")
        .await
        .shows("┌ 4 Entries")
        .shows("┏ 3 Collections");
}

#[tokio::test(flavor = "multi_thread")]
async fn differences_errors_and_matches_are_told_without_colour() {
    let mut explorer = plain().await;
    explorer.keys("=").await;
    let buffer = explorer.draw();
    let (added, removed) = (cell_of(buffer, "+   \"price\": 12"), cell_of(buffer, "-   \"price\": 10"));
    assert_ne!((added.symbol(), added.modifier), (removed.symbol(), removed.modifier));
    explorer.keys("= 6 /").await.text("brass").await.keys("enter").await;
    assert!(cell_of(explorer.draw(), "brass\"").modifier.contains(Modifier::UNDERLINED));
    explorer.keys("esc").await.edit("[1,\n  oops]").await;
    let buffer = explorer.draw();
    cell_of(buffer, "✗");
    assert!(cell_of(buffer, "oops").modifier.contains(Modifier::UNDERLINED));
    explorer.keys("ctrl-s").await.shows("✗ not JSON yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_states_of_rows_have_glyphs() {
    let setup = Setup { palette: Palette::Plain, ..with_sample().await };
    let mut explorer = Explorer::start(setup).await;
    explorer.keys(".").await.go_to(&["billing", "u-1042", "invoices-2019"]).await.shows("⌫┃");
    explorer.shows("⌫ 20");
    explorer.go_to(&["sandbox", "u-1042", "oddities", "imported-by-hand"]).await.shows("?┃");
}
