//! Checks a tree against the JSON Schema of a type. Each violation is reported in plain words at its place.
//!
//! This is the slow path. serde reads a document first, and only a document that does not fit is checked here, for the
//! message. A property test ensures that both agree.

use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::paths::LocationSegment;
use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;

use crate::limits::MOST_PROBLEMS;
use crate::nearest::nearest;
use crate::node::Step;
use crate::{Diagnostic, DiagnosticId, Node, SourceFile, Span, Value, id};

/// The schema of one type and its validator.
pub struct SchemaCheck {
    schema: Json,
    validator: Validator,
}

/// The report of one violation.
struct Finding {
    id: DiagnosticId,
    message: String,
    help: Vec<String>,
    /// The key to point at, inside the map that does not fit.
    key: Option<String>,
}

impl SchemaCheck {
    /// The check for documents that hold a `T`.
    pub fn of<T: schemars::JsonSchema>() -> Self {
        let schema = schemars::schema_for!(T).to_value();
        let validator = jsonschema::validator_for(&schema).expect("a schema generated from a type is a schema");
        Self { schema, validator }
    }

    /// Everything in `node` that does not fit.
    pub fn check(&self, file: &Arc<SourceFile>, node: &Node) -> Vec<Diagnostic> {
        let json = strict_json(node);
        self.validator.iter_errors(&json).flat_map(|error| self.diagnostics(file, node, &error)).collect()
    }

    fn diagnostics(&self, file: &Arc<SourceFile>, root: &Node, error: &ValidationError<'_>) -> Vec<Diagnostic> {
        let steps = steps(error);
        let node = root.follow(&steps).unwrap_or(root);
        let field = field_name(&steps);
        self.findings(node, &field, error)
            .into_iter()
            .map(|finding| {
                let key_span = finding.key.as_deref().and_then(|key| node.entry(key)).map(|entry| entry.key_span);
                let mut diagnostic = Diagnostic::error(finding.id, finding.message).at(
                    file,
                    key_span.unwrap_or_else(|| span_of(node)),
                    "",
                );
                diagnostic.help = finding.help;
                diagnostic
            })
            .collect()
    }

    fn findings(&self, node: &Node, field: &str, error: &ValidationError<'_>) -> Vec<Finding> {
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                let known = self.known_fields(error);
                unexpected.iter().take(MOST_PROBLEMS).map(|name| unknown_field(name, &known)).collect()
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => vec![alternatives(node, field, context)],
            // A number with a fraction already has the wrong type.
            Kind::Minimum { .. } | Kind::Maximum { .. } if matches!(node.value, Value::Float(_)) => Vec::new(),
            kind => {
                let mut finding = finding(node, field, kind);
                finding.help.extend(type_help(node, kind));
                vec![finding]
            }
        }
    }

    /// The known fields of the map in which an unknown field stands.
    fn known_fields(&self, error: &ValidationError<'_>) -> Vec<String> {
        let location = error.schema_path().to_string();
        let parent = location.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.schema
            .pointer(&format!("{parent}/properties"))
            .and_then(Json::as_object)
            .map(|fields| fields.keys().cloned().collect())
            .unwrap_or_default()
    }
}

/// The tree as the validator sees it. JSON Schema accepts `5.0` as an integer, but readers of the formats do not. A number
/// that is written with a fraction is therefore given one that no schema accepts as an integer.
fn strict_json(node: &Node) -> Json {
    match &node.value {
        Value::Float(value) if value.fract() == 0.0 => 0.5.into(),
        Value::Sequence(items) => items.iter().map(strict_json).collect(),
        Value::Mapping(entries) => {
            let fields = entries.iter().map(|entry| (entry.key.clone(), strict_json(&entry.value)));
            fields.collect::<serde_json::Map<_, _>>().into()
        }
        _ => node.to_json(),
    }
}

fn steps(error: &ValidationError<'_>) -> Vec<Step> {
    error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            LocationSegment::Property(name) => Step::Key(name.into_owned()),
            LocationSegment::Index(index) => Step::Index(index),
        })
        .collect()
}

/// `tasks[3].size`, or an empty text for the document itself.
fn field_name(steps: &[Step]) -> String {
    let mut name = String::new();
    for step in steps {
        match step {
            Step::Key(key) if name.is_empty() => name.push_str(key),
            Step::Key(key) => {
                name.push('.');
                name.push_str(key);
            }
            Step::Index(index) => {
                name.push('[');
                name.push_str(&index.to_string());
                name.push(']');
            }
        }
    }
    name
}

fn span_of(node: &Node) -> Span {
    node.head()
}

fn unknown_field(name: &str, known: &[String]) -> Finding {
    let near = nearest(name, known.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", quoted_list(known)),
    };
    Finding {
        id: id::UNKNOWN_FIELD,
        message: format!("unknown field `{name}`"),
        help: vec![help],
        key: Some(name.to_owned()),
    }
}

fn finding(node: &Node, field: &str, kind: &Kind) -> Finding {
    let subject = if field.is_empty() { "the document".to_owned() } else { format!("`{field}`") };
    let (id, message) = match kind {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let place = if field.is_empty() { String::new() } else { format!(" in `{field}`") };
            (id::MISSING_FIELD, format!("missing field `{name}`{place}"))
        }
        Kind::Type { kind } => {
            let expected = type_words(kind);
            (id::WRONG_TYPE, format!("{subject} is {}, expected {expected}", node.describe()))
        }
        Kind::Enum { options } => {
            let options = json_list(options.as_array().map_or(&[], Vec::as_slice));
            (id::WRONG_VALUE, format!("{subject} is {}, expected one of {options}", node.describe()))
        }
        Kind::Constant { expected_value } => {
            (id::WRONG_VALUE, format!("{subject} is {}, expected {expected_value}", node.describe()))
        }
        Kind::Minimum { limit } => {
            (id::OUT_OF_RANGE, format!("{subject} is {}, at least {limit} is needed", node.describe()))
        }
        Kind::Maximum { limit } => {
            (id::OUT_OF_RANGE, format!("{subject} is {}, at most {limit} is allowed", node.describe()))
        }
        Kind::MinItems { limit } => (id::OUT_OF_RANGE, format!("{subject} needs at least {limit} item(s)")),
        Kind::MaxItems { limit } => (id::OUT_OF_RANGE, format!("{subject} has at most {limit} items")),
        Kind::MinProperties { limit } => (id::OUT_OF_RANGE, format!("{subject} needs at least {limit} field(s)")),
        Kind::MinLength { limit } => (id::OUT_OF_RANGE, format!("{subject} needs at least {limit} character(s)")),
        Kind::MaxLength { limit } => (id::OUT_OF_RANGE, format!("{subject} has at most {limit} characters")),
        Kind::Pattern { pattern } => {
            (id::WRONG_VALUE, format!("{subject} is {}, which does not match {pattern}", node.describe()))
        }
        other => (id::WRONG_VALUE, format!("{subject} does not fit (`{}`)", other.keyword())),
    };
    Finding { id, message, help: Vec::new(), key: None }
}

/// The report that no alternative fits, in the words of the alternative that was probably meant.
fn alternatives(node: &Node, field: &str, context: &[Vec<ValidationError<'_>>]) -> Finding {
    let expected = allowed_values(context);
    if !expected.is_empty() && node.as_text().is_some() {
        return wrong_choice(node, field, &expected);
    }
    // The first alternative is the plain form of the field. Templates and null come after it.
    match context.first().and_then(|errors| errors.first()) {
        Some(error) => match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => alternatives(node, field, context),
            kind => {
                let mut finding = finding(node, field, kind);
                finding.help.extend(type_help(node, kind));
                finding
            }
        },
        None => finding(node, field, &Kind::FalseSchema),
    }
}

fn wrong_choice(node: &Node, field: &str, expected: &[Json]) -> Finding {
    let written = node.as_text().unwrap_or_default();
    let near = nearest(written, expected.iter().filter_map(Json::as_str));
    Finding {
        id: id::WRONG_VALUE,
        message: format!("`{field}` is {}, expected one of {}", node.describe(), json_list(expected)),
        help: near.map(|near| format!("did you mean `{near}`?")).into_iter().collect(),
        key: None,
    }
}

/// The values that alternatives of constants and enumerations allow, nested ones included.
fn allowed_values(context: &[Vec<ValidationError<'_>>]) -> Vec<Json> {
    let mut values = Vec::new();
    for error in context.iter().flatten() {
        match error.kind() {
            Kind::Constant { expected_value } => values.push(expected_value.as_ref().clone()),
            Kind::Enum { options } => values.extend(options.as_array().cloned().unwrap_or_default()),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => values.extend(allowed_values(context)),
            _ => {}
        }
    }
    values
}

/// What people mean when they make the most frequent mistakes in YAML.
fn type_help(node: &Node, kind: &Kind) -> Option<String> {
    let Kind::Type { kind: expected } = kind else {
        return None;
    };
    let expected = type_words(expected);
    if let Value::Float(value) = node.value {
        let is_whole = expected.contains("integer") && value.fract() == 0.0 && value.abs() < 1e15;
        return is_whole.then(|| format!("write `{value:.0}`"));
    }
    let text = node.as_text()?;
    let bare: String = text.chars().filter(|char| *char != '_').collect();
    match text {
        "yes" | "on" | "Yes" | "On" if expected.contains("true") => Some("write `true`".to_owned()),
        "no" | "off" | "No" | "Off" if expected.contains("true") => Some("write `false`".to_owned()),
        _ if expected.contains("integer") && bare.parse::<u64>().is_ok() => {
            let plain = bare.trim_start_matches('0');
            Some(format!(
                "write `{}`, without quotes, underscores or leading zeros",
                if plain.is_empty() { "0" } else { plain }
            ))
        }
        _ => None,
    }
}

fn type_words(kind: &TypeKind) -> String {
    let word = |json_type: &str| match json_type {
        "integer" => "an integer".to_owned(),
        "number" => "a number".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "a map".to_owned(),
        other => other.to_owned(),
    };
    match kind {
        TypeKind::Single(json_type) => word(&json_type.to_string()),
        TypeKind::Multiple(types) => {
            let words: Vec<_> = types.iter().map(|json_type| word(&json_type.to_string())).collect();
            words.join(" or ")
        }
    }
}

fn quoted_list(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn json_list(values: &[Json]) -> String {
    let words: Vec<_> = values
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), |text| format!("`{text}`")))
        .collect();
    words.join(", ")
}
