//! `wlx config`: each setting with its value and origin.

use crate::settings::Settings;
use wlx_terminal as terminal;

/// Prints the settings as aligned columns.
pub fn show(settings: &Settings) {
    let rows = settings.rows();
    let width = |column: fn(&(&'static str, String, String)) -> usize| rows.iter().map(column).max().unwrap_or(0);
    let (names, values) = (width(|row| row.0.len()), width(|row| row.1.chars().count()));
    for (name, value, origin) in &rows {
        terminal::data(&format!("{name:names$}  {value:values$}  {origin}"));
    }
}
