//! The report in a browser: it loads, its pictures show something, and its numbers are those of the results file.

use std::path::PathBuf;

use end_to_end::{Browser, TestContext};
use serde_json::{Value, json};

use crate::results::{exported, good_repeats};

const WORKLOADS: [&str; 2] = ["download-8MiB-16x-ram", "upload-64KiB-16x-ram"];
const CLIENTS: [&str; 2] = ["sdk-rust", "hyper"];
/// For each picture, counts the pixels of its canvas that have a strong colour. Axes have none.
const COLOURED: &str = "
    const coloured = (canvas) => {
        // From a copy, as the browser warns of reads from the canvas itself.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
            const [red, green, blue, opacity] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
            if (opacity > 20 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) count += 1;
        }
        return count;
    };
    return [...document.querySelectorAll('.plot')].map((place) => {
        const canvas = place.querySelector('canvas');
        return { picture: `${place.dataset.picture ?? 'curves'} ${place.dataset.run ?? ''}`,
                 empty: place.classList.contains('empty'), coloured: canvas ? coloured(canvas) : 0 };
    });";

/// A page about both clients on both workloads, with its context.
fn page() -> (TestContext, PathBuf) {
    let context = TestContext::new();
    context.add_workloads(&WORKLOADS);
    context.wlx().args(["run", "--client", &CLIENTS.join(",")]).args(WORKLOADS).run().expect_success();
    let file = context.work().join("page.html");
    let written = context.wlx().arg("report").arg("-o").arg(&file).run().expect_success();
    assert!(written.stdout.lines().count() == 1 && written.stdout.contains("(4 runs, "), "{}", written.stdout);
    (context, file)
}

fn open(context: &TestContext, file: &std::path::Path) -> Browser {
    let browser = Browser::start(context);
    browser.open(file);
    wait_until_ready(&browser);
    browser
}

fn wait_until_ready(browser: &Browser) {
    let ready = browser.run_until_done(
        "const look = () => 'ready' in document.documentElement.dataset ? done(true) : requestAnimationFrame(look); look();",
    );
    assert_eq!(ready, true);
}

fn assert_pictures(browser: &Browser, when: &str) {
    let pictures = browser.run(COLOURED);
    let pictures = pictures.as_array().unwrap_or_else(|| panic!("no pictures: {pictures}"));
    // Four for each run (tasks, tasks in flight, rates, throughput), and the latency of each workload.
    assert_eq!(pictures.len(), 4 * 4 + 2, "{when}: {pictures:?}");
    for picture in pictures {
        assert_eq!(picture["empty"], false, "{when}: {picture}");
        assert!(picture["coloured"].as_u64().is_some_and(|pixels| pixels > 100), "{when}: {picture}");
    }
}

#[test]
fn the_page_loads_draws_and_asks_nobody() {
    let (context, file) = page();
    let browser = open(&context, &file);
    assert_pictures(&browser, "light and wide");
    assert_eq!(browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)"), json!([]));

    let ground = "return getComputedStyle(document.body).backgroundColor";
    let light = browser.run(ground);
    let dark = json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]});
    browser.command("Emulation.setEmulatedMedia", &dark);
    assert_ne!(browser.run(ground), light);
    assert_pictures(&browser, "dark");

    let phone = json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true});
    browser.command("Emulation.setDeviceMetricsOverride", &phone);
    browser.open(&file);
    wait_until_ready(&browser);
    assert_pictures(&browser, "on a phone");
    let width = browser.run("return document.documentElement.scrollWidth");
    assert!(width.as_u64().is_some_and(|width| width <= 390), "wider than a phone: {width}");

    let pdf = browser.command("Page.printToPDF", &json!({"printBackground": false}));
    assert!(pdf["data"].as_str().is_some_and(|data| data.len() > 50_000), "the print is empty");
    assert_eq!(browser.console(), Vec::<String>::new());
}

/// Contrast as WCAG 2 demands it: 4.5 for text, 3 for graphics.
#[test]
fn text_and_pictures_have_enough_contrast() {
    let (context, file) = page();
    let browser = open(&context, &file);
    let script = "
        const luminance = (name) => {
            const probe = document.createElement('i');
            probe.style.color = `var(--${name})`;
            document.body.append(probe);
            const channels = getComputedStyle(probe).color.match(/[0-9]+/g).slice(0, 3).map((c) => c / 255);
            probe.remove();
            const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = luminance('ground');
        return ['ink', 'soft', 'accent', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'].map((name) => {
            const [low, high] = [luminance(name), ground].sort((a, b) => a - b);
            return [name, (high + 0.05) / (low + 0.05)];
        });";
    for theme in ["light", "dark"] {
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        browser.command("Emulation.setEmulatedMedia", &media);
        let contrasts = browser.run(script);
        for contrast in contrasts.as_array().expect("a list") {
            let least = if contrast[0].as_str().is_some_and(|name| name.len() > 2) { 4.5 } else { 3.0 };
            assert!(contrast[1].as_f64().is_some_and(|ratio| ratio >= least), "{theme}: {contrast}");
        }
    }
}

/// The median throughput of the warm good repeats of an exported run, in Gb/s.
fn median_gbps(run: &Value) -> f64 {
    let gbps = |repeat: &Value| Some(repeat["bytes"].as_f64()? * 8.0 / 1e9 / repeat["seconds"].as_f64()?);
    let warm = good_repeats(run).into_iter().filter(|repeat| repeat["cold"] == false);
    let mut values: Vec<f64> = warm.map(|repeat| gbps(&repeat).expect("numbers")).collect();
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

#[test]
fn the_numbers_are_those_of_the_results_file() {
    let (context, file) = page();
    let browser = open(&context, &file);
    let shown = browser.run(
        "const value = (cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value));
         const rows = [...document.querySelectorAll('table.comparison tbody tr')];
         return Object.fromEntries(rows.map((row) => [row.dataset.run, {
             median: value(row.cells[3]), text: row.cells[3].textContent,
             repeats: [...document.querySelectorAll(`#run-${row.dataset.run} table.repeats tbody tr`)]
                 .map((repeat) => [value(repeat.cells[2]), value(repeat.cells[3])]),
         }]));",
    );
    let runs = exported(&context);
    assert_eq!(runs.len(), 4);
    for run in &runs {
        let row = &shown[run["run"].to_string()];
        let (median, expected) = (row["median"].as_f64().unwrap_or_default(), median_gbps(run));
        assert!((median - expected).abs() <= 1e-9 * expected, "{row} of {run}");
        let digits: f64 = row["text"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
        assert!((digits - expected).abs() <= 1e-3 * expected, "{row} of {run}");
        let repeats = run["repeats"].as_array().expect("a list");
        assert_eq!(row["repeats"].as_array().map(Vec::len), Some(repeats.len()));
        for (shown, stored) in row["repeats"].as_array().into_iter().flatten().zip(repeats) {
            assert_eq!(shown[0].as_f64(), stored["seconds"].as_f64());
        }
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

/// What a button saves: `[file name, text]`.
fn saved(browser: &Browser, what: &str) -> Value {
    browser.run_until_done(&format!(
        "let text;
         URL.createObjectURL = (blob) => {{ text = blob.text(); return 'blob:nothing'; }};
         HTMLAnchorElement.prototype.click = function () {{ text.then((text) => done([this.download, text])); }};
         document.querySelector('[data-save={what}]').click();"
    ))
}

#[test]
fn the_raw_data_is_saved_as_it_is_exported() {
    let (context, file) = page();
    let browser = open(&context, &file);
    let json = saved(&browser, "json");
    assert_eq!(json[0], "report.json");
    let mut inside: Value = serde_json::from_str(json[1].as_str().expect("a text")).expect("JSON");
    let mut runs = exported(&context);
    runs.reverse();
    assert_eq!(inside["runs"].take(), Value::from(runs));

    let repeats = saved(&browser, "repeatsCsv");
    let export =
        context.wlx().args(["results", "export", "--format", "csv", "1", "2", "3", "4"]).run().expect_success();
    assert_eq!((repeats[0].as_str(), repeats[1].as_str()), (Some("report-repeats.csv"), Some(export.stdout.as_str())));

    let tasks = saved(&browser, "tasksCsv");
    let repeats: usize = exported(&context).iter().map(|run| run["repeats"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(tasks[0], "report-tasks.csv");
    assert_eq!(tasks[1].as_str().map(|text| text.lines().count()), Some(1 + 16 * repeats));
}

#[test]
fn tables_sort_and_hovering_tells_values() {
    let (context, file) = page();
    let browser = open(&context, &file);
    let sorted = browser.run(
        "const header = document.querySelectorAll('table.comparison thead th')[3];
         const values = () => [...document.querySelector('table.comparison').tBodies[0].rows]
             .map((row) => Number(row.cells[3].dataset.value));
         header.querySelector('button').click();
         const up = [values(), header.getAttribute('aria-sort')];
         header.querySelector('button').click();
         return [up, [values(), header.getAttribute('aria-sort')]];",
    );
    let values =
        |at: usize| -> Vec<f64> { sorted[at][0].as_array().into_iter().flatten().filter_map(Value::as_f64).collect() };
    assert!(values(0).len() == 2 && values(0).is_sorted(), "{sorted}");
    assert!(values(1).is_sorted_by(|a, b| a >= b), "{sorted}");
    assert_eq!((sorted[0][1].as_str(), sorted[1][1].as_str()), (Some("ascending"), Some("descending")));

    let middle = browser.run(
        "const over = document.querySelector('[data-picture=tasks] .u-over');
         over.scrollIntoView({ block: 'center' });
         const { left, top, width, height } = over.getBoundingClientRect();
         return [left + width / 2, top + height / 2];",
    );
    let there = json!({"type": "mouseMoved", "x": middle[0], "y": middle[1]});
    browser.command("Input.dispatchMouseEvent", &there);
    let told = browser.run_until_done(
        "const look = () => {
             const text = document.querySelector('[data-picture=tasks] .readout').textContent;
             text ? done(text) : requestAnimationFrame(look);
         };
         look();",
    );
    let told = told.as_str().expect("a text");
    assert!(told.starts_with("download/8MiB-16x/") && told.ends_with(" MB/s"), "{told}");
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn nothing_stored_is_said_with_what_to_do() {
    let context = TestContext::new();
    context.wlx().arg("report").run().expect_code(1).expect_stderr("hint: run something first");
    assert!(!context.work().join("report.html").exists());
}
