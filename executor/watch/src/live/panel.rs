//! How the live view looks: a pure function from what is known to a grid of characters.

use indicatif::HumanBytes;
use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, LegendPosition, Widget};

use super::course::{Course, Past};
use super::figures::{duration, gbps, median};

/// Columns at most: longer lines are hard to read.
const WIDEST: u16 = 110;
/// Rows of the chart, axis included.
const CHART_ROWS: u16 = 8;
/// A lower chart shows nothing.
const LOWEST_CHART: u16 = 5;
/// Cells of the bar, on a terminal that is not narrow.
const BAR_CELLS: u16 = 30;
/// On a narrow one.
const SHORT_BAR_CELLS: u16 = 10;
/// Below so many columns a terminal is narrow.
const NARROW: u16 = 70;

/// Draws `course`, and a line for each of the `others` that wait for their turn, on a terminal of `columns` and `rows`.
pub fn panel(course: &Course, others: &[&Course], columns: u16, rows: u16) -> Buffer {
    let columns = columns.min(WIDEST);
    let mut above = heading(course);
    above.extend(flow(present(course, columns), columns));
    let mut below = flow(past(course), columns);
    below.extend(flow(counts(course), columns));
    below.extend(others.iter().map(|other| waiting(other)));
    let texts = u16::try_from(above.len() + below.len()).unwrap_or(u16::MAX);
    // A row stays free for the lines that are printed above.
    let free = rows.saturating_sub(texts).saturating_sub(1);
    let chart_rows = if free < LOWEST_CHART { 0 } else { free.min(CHART_ROWS) };
    let height = texts.saturating_add(chart_rows).min(rows.saturating_sub(1)).max(1);
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, height));
    let split = u16::try_from(above.len()).unwrap_or(u16::MAX);
    write(&mut buffer, 0, &above);
    if chart_rows > 0 {
        chart(course, Rect::new(0, split, columns, chart_rows), &mut buffer);
    }
    write(&mut buffer, split.saturating_add(chart_rows), &below);
    buffer
}

fn write(buffer: &mut Buffer, from: u16, lines: &[Line<'_>]) {
    for (row, line) in (from..buffer.area.height).zip(lines) {
        buffer.set_line(0, row, line, buffer.area.width);
    }
}

/// Cells one after the other, on as many lines as they need.
fn flow(cells: Vec<Line<'static>>, columns: u16) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for cell in cells {
        match lines.last_mut() {
            Some(line) if line.width() + 3 + cell.width() <= usize::from(columns) => {
                line.push_span(Span::raw("   "));
                line.spans.extend(cell.spans);
            }
            _ => lines.push(cell),
        }
    }
    lines
}

fn heading(course: &Course) -> Vec<Line<'static>> {
    let repeat = match course.present.repeat {
        0 => ", starting".to_owned(),
        repeat => format!(", repeat {repeat} of at most {}", course.repeats),
    };
    vec![Line::from(vec![course.workload.clone().bold(), format!(" by {}{repeat}", course.client).into()])]
}

fn present(course: &Course, columns: u16) -> Vec<Line<'static>> {
    let present = &course.present;
    let bar = bar(present.bytes, course.bytes, if columns < NARROW { SHORT_BAR_CELLS } else { BAR_CELLS });
    let mut cells = vec![
        Line::from(format!("{bar} {} of {}", HumanBytes(present.bytes), HumanBytes(course.bytes))),
        Line::from(format!("{} of {} tasks", present.tasks, course.tasks)),
    ];
    if let Some(in_flight) = present.in_flight {
        cells.push(Line::from(format!("{in_flight} in flight")));
    }
    cells.push(Line::from(vec![
        "now ".into(),
        course.now_gbps().map_or_else(|| "-".to_owned(), |now| format!("{} Gb/s", gbps(now))).bold(),
    ]));
    if let Some(latency) = present.latency {
        for (name, ns) in [("p50", latency.p50_ns), ("p90", latency.p90_ns), ("p99", latency.p99_ns)] {
            cells.push(Line::from(format!("{name} {}", duration(ns))));
        }
    }
    cells
}

fn bar(done: u64, all: u64, cells: u16) -> String {
    let filled = (u128::from(done.min(all)) * u128::from(cells)).checked_div(all.into()).unwrap_or(0);
    let filled = usize::try_from(filled).unwrap_or(0);
    format!("[{}{}]", "=".repeat(filled), " ".repeat(usize::from(cells) - filled))
}

fn past(course: &Course) -> Vec<Line<'static>> {
    let mut cells: Vec<Line<'static>> = Vec::new();
    // The last ones: a run may have thousands.
    let shown = course.past.len().saturating_sub(12);
    for past in &course.past[shown..] {
        cells.push(match past {
            Past { repeat, gbps: Some(it), cold: true } => Line::from(format!("{repeat}: {} (cold)", gbps(*it))),
            Past { repeat, gbps: Some(it), cold: false } => Line::from(format!("{repeat}: {}", gbps(*it))),
            Past { repeat, gbps: None, .. } => Line::from(format!("{repeat}: failed").red()),
        });
    }
    if let Some(median) = warm_median(course) {
        cells.push(Line::from(format!("median of warm {} Gb/s", gbps(median))));
    }
    cells
}

fn warm_median(course: &Course) -> Option<f64> {
    median(course.past.iter().filter(|past| !past.cold).filter_map(|past| past.gbps).collect())
}

fn counts(course: &Course) -> Vec<Line<'static>> {
    if course.past.is_empty() {
        return Vec::new();
    }
    let count = |count: Option<u64>| count.map_or_else(|| "unknown".to_owned(), |count| count.to_string());
    let errors = format!("failed tasks {}", course.errors);
    vec![
        Line::from(format!("requests {}", count(course.requests))),
        Line::from(format!("retries {}", count(course.retries))),
        if course.errors > 0 { Line::from(errors.red()) } else { Line::from(errors) },
    ]
}

/// A client that waits while another has its turn.
fn waiting(course: &Course) -> Line<'static> {
    let last = course.past.last().and_then(|past| past.gbps);
    let last = last.map(|last| format!(", last {} Gb/s", gbps(last))).unwrap_or_default();
    let median = warm_median(course).map(|it| format!(", median of warm {} Gb/s", gbps(it))).unwrap_or_default();
    Line::from(format!("{}: {} repeats{last}{median}", course.client, course.past.len()).dim())
}

fn chart(course: &Course, area: Rect, buffer: &mut Buffer) {
    let clock = course.clock().max(0.1);
    let points = course.series.points(clock);
    let top = points.iter().map(|(_, gbps)| *gbps).fold(0.0, f64::max) * 1.1;
    let top = if top > 0.0 { top } else { 1.0 };
    let title = if course.tells_progress || course.past.is_empty() {
        "Gb/s over the time on the clock"
    } else {
        "Gb/s, each repeat's own mean: this client does not tell how far it is"
    };
    let axis = |bound: f64, labels: [String; 2]| {
        Axis::default().bounds([0.0, bound]).labels(labels).labels_alignment(Alignment::Right)
    };
    let line = Dataset::default()
        .marker(Marker::Braille)
        .graph_type(GraphType::Line)
        .style(Style::new().fg(Color::Cyan))
        .data(&points);
    Chart::new(vec![line])
        .legend_position(None::<LegendPosition>)
        .x_axis(axis(clock, ["0 s".to_owned(), format!("{clock:.1} s")]).title(title))
        .y_axis(axis(top, ["0".to_owned(), gbps(top)]))
        .render(area, buffer);
}
