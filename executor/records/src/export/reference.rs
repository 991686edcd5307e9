//! What each column means, for people: on a terminal, and as docs/columns.md.

use std::fmt::Write;

use clap::ValueEnum;

use super::level::Level;
use wlx_terminal::{Column, Grid};

/// How to print what columns mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReferenceFormat {
    /// For people
    Table,
    /// A table in Markdown
    Markdown,
}

/// The columns of `level`, in at most `width` columns of a terminal.
pub fn reference(level: Level, format: ReferenceFormat, width: Option<usize>) -> String {
    match format {
        ReferenceFormat::Table => table(level, width),
        ReferenceFormat::Markdown => markdown(level),
    }
}

fn table(level: Level, width: Option<usize>) -> String {
    let mut table = Grid::new(&[Column::text("column", 0), Column::text("type", 0), Column::text("meaning", 0)]);
    for field in level.fields() {
        table.row(vec![field.name.into_owned(), field.kind.as_str().to_owned(), field.meaning.into_owned()]);
    }
    table.render(width)
}

fn markdown(level: Level) -> String {
    let mut table = "| column | type | meaning |\n|---|---|---|\n".to_owned();
    for field in level.fields() {
        let meaning = field.meaning.replace('|', "\\|");
        let _infallible = writeln!(table, "| `{}` | {} | {meaning} |", field.name, field.kind.as_str());
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_described() {
        for level in Level::value_variants() {
            let fields = level.fields();
            let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_ref()).collect();
            assert_eq!(names.len(), fields.len(), "{level:?}");
            assert!(fields.iter().all(|field| !field.meaning.is_empty()), "{level:?}");
            insta::assert_snapshot!(level.as_str(), reference(*level, ReferenceFormat::Table, None));
        }
    }
}
