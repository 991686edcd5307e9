//! Tables for people: no colour, units in the header, and readable on narrow terminals too.
//!
//! A table that is too wide first loses its least important columns, and says which; if even the rest
//! does not fit, every row becomes a block of `name: value` lines.

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};

use crate::wrap::wrap;

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it holds, with the unit; shown over up to two lines.
    pub title: &'static str,
    /// Where in the column its cells stand.
    pub align: CellAlignment,
    /// Columns with the highest rank go first where room is short; rank 0 stays.
    pub rank: u8,
}

impl Column {
    /// A column of text.
    pub const fn text(title: &'static str, rank: u8) -> Self {
        Self { title, align: CellAlignment::Left, rank }
    }

    /// A column of numbers, which end below each other.
    pub const fn number(title: &'static str, rank: u8) -> Self {
        Self { title, align: CellAlignment::Right, rank }
    }
}

/// Rows under columns.
#[derive(Debug, Clone)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// No rows yet.
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row with a cell for each column.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// The table in at most `width` columns, or as wide as it is; ends with a newline.
    pub fn render(&self, width: Option<usize>) -> String {
        let mut ranks: Vec<u8> = self.columns.iter().map(|column| column.rank).collect();
        ranks.sort_unstable();
        ranks.dedup();
        for &kept in ranks.iter().rev() {
            let table = self.table(kept);
            if fits(&table, width) {
                return table + &self.left_out(kept, width);
            }
        }
        self.blocks()
    }

    /// The same without leaving anything out.
    pub fn render_whole(&self, width: Option<usize>) -> String {
        let table = self.table(u8::MAX);
        if fits(&table, width) { table } else { self.blocks() }
    }

    /// The columns up to rank `kept`.
    fn table(&self, kept: u8) -> String {
        let shown = |cells: Vec<Cell>| -> Vec<Cell> {
            let with_columns = cells.into_iter().zip(&self.columns);
            with_columns.filter(|(_, column)| column.rank <= kept).map(|(cell, _)| cell).collect()
        };
        let mut table = Table::new();
        table.load_style(NOTHING.header_separator(LineStyle::none().fill('-').junction('-')));
        let titles = self.columns.iter().map(|column| Cell::new(column.title).set_alignment(column.align));
        table.set_header(shown(titles.collect()));
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns);
            let cells = cells.map(|(text, column)| Cell::new(text).set_alignment(column.align));
            table.add_row(shown(cells.collect()));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 1));
        }
        table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    fn left_out(&self, kept: u8, width: Option<usize>) -> String {
        let titles = self.columns.iter().filter(|column| column.rank > kept);
        let titles: Vec<String> = titles.map(|column| one_line(column.title)).collect();
        if titles.is_empty() { String::new() } else { wrap(&format!("(no room for: {})", titles.join(", ")), width) }
    }

    fn blocks(&self) -> String {
        let titles: Vec<String> = self.columns.iter().map(|column| one_line(column.title)).collect();
        let width = titles.iter().map(|title| title.chars().count()).max().unwrap_or(0);
        let block = |row: &Vec<String>| {
            let lines = titles.iter().zip(row).filter(|(_, value)| !value.is_empty());
            lines.fold(String::new(), |text, (title, value)| text + &format!("{title:width$}  {value}\n"))
        };
        self.rows.iter().map(block).collect::<Vec<_>>().join("\n")
    }
}

fn fits(table: &str, width: Option<usize>) -> bool {
    width.is_none_or(|width| table.lines().all(|line| line.chars().count() <= width))
}

fn one_line(title: &str) -> String {
    title.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new(&[
            Column::text("client", 0),
            Column::number("Gb/s\nmedian", 0),
            Column::number("retries\nin all", 2),
            Column::text("outcome", 1),
        ]);
        grid.row(["sdk-rust", "28.85", "0", "succeeded"].map(str::to_owned).into());
        grid.row(["boto3-classic", "3.500", "12", ""].map(str::to_owned).into());
        grid
    }

    #[test]
    fn a_table_uses_the_room_that_there_is() {
        let shown = [None, Some(40), Some(34), Some(20)].map(|width| format!("{width:?}\n{}", grid().render(width)));
        insta::assert_snapshot!(shown.join("\n"));
    }
}
