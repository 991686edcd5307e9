//! What holds for every input.

mod support;

use checked_document::{SchemaCheck, from_node, render};
use proptest::prelude::*;
use support::{compile, single};
use workload_schema::source::Source;

/// Texts that look like sources: lines of known fields with odd values, so that more than the parser is reached.
fn source_like() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("upload".to_owned()),
        Just("1KiB".to_owned()),
        Just("[1, 2]".to_owned()),
        Just("{ a: 1, b: [x] }".to_owned()),
        Just("\"{{ a }}\"".to_owned()),
        Just("\"{{ b ~ a }}KiB\"".to_owned()),
        Just("\"{{ a * 2 }}\"".to_owned()),
        Just("true".to_owned()),
        Just("~".to_owned()),
        Just("5.0".to_owned()),
        Just("CRC32".to_owned()),
        Just("[{ action: upload, key: upload/1, size: 5 }]".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        "\\PC{0,12}",
    ];
    let field = prop_oneof![
        Just("action"),
        Just("fileSize"),
        Just("numFiles"),
        Just("filesOnDisk"),
        Just("checksum"),
        Just("comment"),
        Just("name"),
        Just("tasks"),
        Just("vars"),
        Just("matrix"),
        Just("maxRepeatCount"),
        Just("vars:\n  a"),
        Just("matrix:\n  a"),
        Just("---\nfileSize"),
        Just("odd"),
    ];
    let line = (field, value).prop_map(|(field, value)| format!("{field}: {value}\n"));
    proptest::collection::vec(line, 0..7).prop_map(|lines| lines.concat())
}

fn everything_at(file_name: &str, text: &str) -> (String, serde_json::Value) {
    let outcome = compile(&single(file_name, text));
    (outcome.shown(), render::json(&outcome.diagnostics))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics_and_twice_is_the_same(text in prop_oneof![source_like(), any::<String>()]) {
        for name in ["case.yaml", "case.json", "case.src.json"] {
            prop_assert_eq!(everything_at(name, &text), everything_at(name, &text));
        }
    }

    /// Sources are read with serde; the schema is asked only for messages. Both must take the same.
    #[test]
    fn serde_and_the_schema_agree_on_sources(text in source_like()) {
        let file = checked_document::SourceFile::new("case.yaml", text);
        let (documents, _) = checked_document::yaml::parse(&file, checked_document::Limits::default());
        let schema = SchemaCheck::of::<Source>();
        for document in documents {
            let by_serde = from_node::<Source>(&document);
            let by_schema = schema.check(&file, &document);
            prop_assert_eq!(by_serde.is_ok(), by_schema.is_empty(), "{:?} {:?}", by_serde.err(), by_schema);
        }
    }
}
