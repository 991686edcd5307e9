//! What is on the page, and what cannot get onto it.

use workload_schema::record::{Outcome, RunRecord};

use crate::fixtures::{add_recorded_run, failed, new_recorded_run, recorded_results, repeat};
use crate::report::page;
use crate::results_file::{NewRun, ResultsFile};
use crate::tables::Context;

/// The text of the data block `id`, as a browser reads it.
fn block(page: &str, id: &str) -> serde_json::Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let rest = page.split_once(&start).expect("the block is there").1;
    serde_json::from_str(rest.split_once("</script>").expect("it ends").0).expect("it is JSON")
}

fn all(results: &ResultsFile) -> Vec<RunRecord> {
    let mut runs = results.runs(&crate::results_file::RunFilter::default()).unwrap();
    runs.sort_by_key(|run| run.run);
    runs
}

#[test]
fn the_page_has_words_tables_pictures_and_the_data() {
    let (_folder, results, runs) = recorded_results();
    let page = page::render(&results, &runs).unwrap();
    for text in ["quick moved the most: ", "Clients side by side", "Uploads, objects", "Provenance"] {
        assert_eq!(page.contains(text), text != "Uploads, objects", "{text}");
    }
    let figures = block(&page, "figures");
    let lines = &figures["runs"][0]["lines"];
    assert_eq!((lines["tasks"].as_u64(), lines["places"].as_array().map(Vec::len)), (Some(200), Some(200)));
    assert_eq!(lines["keyPrefix"], "download/5MiB-200x/");
    assert_eq!(figures["runs"][0]["throughput"]["gbps"].as_array().map(Vec::len), Some(50));
    let bars = figures["runs"][0]["distribution"]["tasks"].as_array().unwrap();
    assert_eq!(
        bars.iter().filter_map(serde_json::Value::as_u64).sum::<u64>(),
        9 * 200,
        "all tasks of the warm repeats"
    );
    assert_eq!(figures["curves"][0]["lines"].as_array().map(Vec::len), Some(2));
    let raw = block(&page, "raw");
    let export: workload_schema::record::RunExport = serde_json::from_str(raw["json"].as_str().unwrap()).unwrap();
    assert_eq!(export.runs, runs);
    assert_eq!(raw["repeatsCsv"].as_str().unwrap().lines().count(), 1 + 20);
    assert_eq!(raw["tasksCsv"].as_str().unwrap().lines().count(), 1 + 20 * 200);
}

#[test]
fn the_page_asks_nobody() {
    let (_folder, results, runs) = recorded_results();
    let page = page::render(&results, &runs).unwrap();
    assert!(page.contains("default-src &#x27;none&#x27;") || page.contains("default-src 'none'"), "no policy");
    for reference in [" src=", "@import", "url(", "fetch(", "XMLHttpRequest", "<link", "<iframe", "import("] {
        assert!(!page.contains(reference), "{reference}");
    }
}

#[test]
fn hostile_names_and_reasons_are_inert() {
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'<!--";
    let (folder, _, _) = recorded_results();
    let mut results = ResultsFile::open(&folder.path().join("results.sqlite")).unwrap();
    let mut new = new_recorded_run(hostile, 3);
    new.conditions.other.insert(hostile.to_owned(), hostile.to_owned());
    new.machine.host = hostile.to_owned();
    let mut broken = failed(2, 1.0);
    broken.errors[0].message = hostile.to_owned();
    add_recorded_run(&mut results, &new, &[repeat(1, 1.0), broken, repeat(3, 1.0)]);
    let skipped = results.begin_run(&NewRun { client: format!("{hostile}2"), ..new_recorded_run("", 4) }).unwrap();
    results.end_run(skipped, Outcome::Skipped, Some(hostile)).unwrap();
    let page = page::render(&results, &all(&results)).unwrap();
    assert!(
        !page.contains("<img") && !page.contains("<script>alert") && !page.contains("onerror=alert(2)>"),
        "a tag got out"
    );
    // Two data blocks and two scripts, each with one end.
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (4, 4));
    assert!(!page.contains("<!--"));
    assert!(block(&page, "raw")["json"].as_str().unwrap().contains("onerror"), "the data is as it was");
}

#[test]
fn what_was_not_recorded_is_said_and_not_drawn() {
    let (folder, _, _) = recorded_results();
    let mut results = ResultsFile::open(&folder.path().join("results.sqlite")).unwrap();
    let id = results.begin_run(&new_recorded_run("plain", 3)).unwrap();
    results.add_repeat(id, &repeat(1, 1.0), crate::results_file::Recording::default()).unwrap();
    results.end_run(id, Outcome::Succeeded, None).unwrap();
    let runs: Vec<RunRecord> = all(&results).into_iter().filter(|run| run.client == "plain").collect();
    let page = page::render(&results, &runs).unwrap();
    for text in [
        "its tasks were not recorded",
        "so there is nothing to draw",
        "only the cold first repeat",
        "No tasks were recorded",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let figures = block(&page, "figures");
    assert!(figures["runs"][0]["lines"].is_null() && figures["runs"][0]["throughput"].is_null());
}

#[test]
fn a_large_run_is_drawn_in_part_and_says_so() {
    let (_folder, results, runs) = recorded_results();
    let groups = crate::report::comparison::groups(&runs);
    let section =
        crate::report::pictures::RunSection::read(&results, &groups[0].members[0], &Context::default(), 50).unwrap();
    let shown = serde_json::to_value(&section).unwrap();
    let caption = shown["tasks_caption"].as_str().unwrap();
    assert!(caption.contains("50 of 200 tasks drawn, evenly chosen in the order of their starts"), "{caption}");
    let data = serde_json::to_value(&section.data).unwrap();
    assert_eq!(
        (data["lines"]["keys"].as_array().map(Vec::len), data["lines"]["places"][49].as_u64()),
        (Some(50), Some(199))
    );
    let bars = data["distribution"]["tasks"].as_array().unwrap();
    assert_eq!(bars.iter().filter_map(serde_json::Value::as_u64).sum::<u64>(), 9 * 200, "the bars are of all tasks");
}
