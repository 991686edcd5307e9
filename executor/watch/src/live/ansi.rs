//! A grid of characters as lines for a terminal.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const RESET: &str = "\u{1b}[0m";

/// The lines of `buffer`, with their colours or without; blanks at their ends are left out.
pub fn lines(buffer: &Buffer, colour: bool) -> Vec<String> {
    let columns = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(columns).map(|row| line(row, colour)).collect()
}

fn line(row: &[Cell], colour: bool) -> String {
    let end = row.iter().rposition(|cell| cell.symbol() != " ").map_or(0, |last| last + 1);
    let mut text = String::new();
    let mut style = String::new();
    for cell in &row[..end] {
        let wanted = codes(cell, colour);
        if wanted != style {
            text.push_str(RESET);
            text.push_str(&wanted);
            style = wanted;
        }
        text.push_str(cell.symbol());
    }
    if !style.is_empty() {
        text.push_str(RESET);
    }
    text
}

/// The codes of the few styles that the panel uses.
fn codes(cell: &Cell, colour: bool) -> String {
    let mut codes = String::new();
    let mut add = |wanted: bool, code: &str| {
        if wanted {
            codes.push_str("\u{1b}[");
            codes.push_str(code);
            codes.push('m');
        }
    };
    add(cell.modifier.contains(Modifier::BOLD), "1");
    add(cell.modifier.contains(Modifier::DIM), "2");
    add(colour && cell.fg == Color::Red, "31");
    add(colour && cell.fg == Color::Cyan, "36");
    codes
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Stylize;
    use ratatui::text::Line;

    use super::*;

    fn drawn(colour: bool) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 2));
        buffer.set_line(0, 0, &Line::from(vec!["a".bold(), "b".red(), "c".into()]), 10);
        lines(&buffer, colour)
    }

    #[test]
    fn styles_end_where_they_end() {
        assert_eq!(drawn(true), ["\u{1b}[0m\u{1b}[1ma\u{1b}[0m\u{1b}[31mb\u{1b}[0mc", ""]);
    }

    #[test]
    fn no_color_leaves_no_colour() {
        assert_eq!(drawn(false), ["\u{1b}[0m\u{1b}[1ma\u{1b}[0mbc", ""]);
    }
}
