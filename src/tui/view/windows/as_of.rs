//! The window in which a moment to look at is chosen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::super::super::app::App;
use super::super::super::overlay::{AsOf, Offer, Reading};
use super::super::super::theme::Role;
use super::{open, rows, typed};
use crate::model::Moment;
use crate::text::{display_safe, fit, width};

/// The forms in which a moment can be typed, the most useful ones.
const FORMS: &str = "14:00 · yesterday 9:30 · last monday · 2h ago · 2026-11-21 14:00";

/// Draws the window.
pub(super) fn as_of(app: &App, window: &AsOf, frame: &mut Frame<'_>, screen: Rect) {
    let theme = app.theme;
    let columns = screen.width.min(78);
    let about = match &window.problem {
        Some(problem) => (format!("✗ {}", display_safe(problem)), Role::Warning),
        None => reading(app, window),
    };
    let inside = usize::from(columns).saturating_sub(4).max(1);
    let above = rows(width(&about.0).div_ceil(inside).max(1));
    let size = (columns, rows(window.offers.len()) + above + 4);
    let inner = open(app, "Look at a moment", "Enter look  Esc close  ↑ ↓ choose", size, frame, screen);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let mut line = vec![Span::styled("as of  ", theme.style(Role::Quiet))];
    line.extend(typed(app, &window.input, window.cursor.is_none(), usize::from(inner.width).saturating_sub(7)));
    frame.render_widget(Line::from(line), Rect { height: 1, ..inner });
    let below = Rect { y: inner.y + 1, height: above.min(inner.height.saturating_sub(1)), ..inner };
    let words = Paragraph::new(about.0).style(theme.style(about.1)).wrap(Wrap { trim: false });
    frame.render_widget(words, below);
    for (at, offer) in window.offers.iter().enumerate() {
        let y = below.bottom() + 1 + rows(at);
        if y < inner.bottom() {
            let is_chosen = window.cursor == Some(at);
            frame.render_widget(one(app, offer, is_chosen, inner.width), Rect { y, height: 1, ..inner });
        }
    }
}

/// Returns what the typed line says, or how one can be typed.
fn reading(app: &App, window: &AsOf) -> (String, Role) {
    match Reading::of(window.input.text(), app.now, &app.zone) {
        Reading::Nothing => (FORMS.to_owned(), Role::Quiet),
        Reading::Now => ("now".to_owned(), Role::Good),
        Reading::Then(moment) => (when(app, moment), Role::Good),
        Reading::ToCome(moment) => (format!("{} is still to come", moment.shown(&app.zone)), Role::Warning),
        Reading::Wrong(_) => (format!("no moment yet: {FORMS}"), Role::Quiet),
    }
}

/// Returns a moment in words: `2026-11-21 14:00, 19h ago`.
fn when(app: &App, moment: Moment) -> String {
    format!("{}, {}", moment.shown(&app.zone), app.ago(moment.version().ms()))
}

fn one<'a>(app: &App, offer: &Offer, is_chosen: bool, columns: u16) -> Line<'a> {
    let mark = if is_chosen { "▸ " } else { "  " };
    let when = offer.moment.map(|moment| when(app, moment)).unwrap_or_default();
    let text = format!("{mark}{}  {when}", fit(offer.words, 29));
    let role = if is_chosen { Role::Selected } else { Role::Text };
    Line::styled(fit(&text, usize::from(columns)), app.theme.style(role))
}
