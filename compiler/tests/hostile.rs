//! Sources made to exhaust the compiler end in a diagnostic. Each of these took minutes or gigabytes without its
//! bound, so a lost bound shows as a test that does not end.

mod support;

use support::{compile, single};

fn first_id(source: &str) -> &'static str {
    let outcome = compile(&single("case.yaml", source));
    assert!(outcome.checked.is_none());
    outcome.diagnostics.iter().find(|problem| problem.is_error()).expect("an error").id.as_str()
}

fn numbers(count: usize) -> String {
    (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

#[test]
fn many_problems_are_a_few() {
    let keys = (0..20_000).map(|number| format!("k{number}: 1\n")).collect::<Vec<_>>().concat();
    assert_eq!(first_id(&keys), "unknown-field");
    assert_eq!(first_id(&format!("{{{}}}", "a: 1, ".repeat(100_000))), "duplicate-field");
    let outcome = compile(&single("case.yaml", &"--- a\n".repeat(50_000)));
    assert!(outcome.diagnostics.len() <= 1001);
}

#[test]
fn long_concatenations_in_many_combinations_run_out_of_work() {
    let terms = vec!["t"; 400].join("~");
    let text = "x".repeat(1000);
    let values = numbers(9_999);
    let source = format!(
        "action: upload\nfileSize: \"{{{{ a }}}}KiB\"\nvars:\n  t: \"{text}\"\n  v: \"{{{{ ({terms}) | length }}}}\"\nmatrix:\n  a: [{values}]\n"
    );
    assert_eq!(first_id(&source), "template-limit");
}

#[test]
fn many_excludes_of_many_combinations_are_too_many() {
    let values = numbers(9_999);
    let excludes = "    - { a: 10000 }\n".repeat(20_000);
    let source =
        format!("action: upload\nfileSize: \"{{{{ a }}}}KiB\"\nmatrix:\n  a: [{values}]\n  exclude:\n{excludes}");
    assert_eq!(first_id(&source), "too-many-combinations");
}

#[test]
fn one_key_in_many_sizes_is_a_few_clashes() {
    let tasks = (0..5_000)
        .map(|size| format!("  - {{ action: download, key: a, size: {size} }}\n"))
        .collect::<Vec<_>>()
        .concat();
    let outcome = compile(&single("case.yaml", &format!("name: w\ntasks:\n{tasks}")));
    assert!(outcome.diagnostics.iter().all(|problem| problem.id.as_str() == "key-two-sizes"));
    assert!((1..=100).contains(&outcome.diagnostics.len()));
}

#[test]
fn repetition_and_comparison_cannot_blow_up() {
    for expression in [
        "'x' * 99999999",
        "[[1] * 99999] * 99999 == [[1] * 99999] * 99999",
        "9 ** 9 ** 9 ** 9",
        "('a' | replace('', 'b')) | replace('', 'b' ~ 'c')",
    ] {
        let source = format!("action: upload\nfileSize: 1KiB\nnumFiles: \"{{{{ {expression} }}}}\"\n");
        let outcome = compile(&single("case.yaml", &source));
        assert!(outcome.checked.is_none(), "{expression}");
    }
    let parentheses = format!("\"{{{{ {}1{} }}}}\"", "(".repeat(900), ")".repeat(900));
    assert_eq!(first_id(&format!("action: upload\nfileSize: 1KiB\nnumFiles: {parentheses}\n")), "template-syntax");
}
