//! Evaluating the expressions in scalars with minijinja.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use checked_document::{DiagnosticId, nearest};
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, Expression, UndefinedBehavior, filters, tests};

use super::arithmetic::multiplies_numbers_only;
use super::budget::Budget;
use super::scope::Scope;
use super::segment::{self, Segment};
use crate::id;
use crate::limits::{FUEL, MAX_EXPRESSION, MAX_TEXT};

/// Why a scalar cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Id of the diagnostic.
    pub id: DiagnosticId,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The expression to point at inside the scalar, if it is known, and the part of the expression.
    pub expression: Option<(String, Option<Range<usize>>)>,
}

/// The result of a scalar.
#[derive(Debug)]
pub enum Evaluated {
    /// The scalar is one expression: its value, with its type.
    Typed(Value),
    /// There is literal text around the expressions.
    Text(String),
}

/// The expression language: minijinja without loops, functions, input and anything that can grow without bound.
pub fn environment() -> Environment<'static> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_debug(true);
    env.add_filter("lower", filters::lower);
    env.add_filter("upper", filters::upper);
    env.add_filter("trim", filters::trim);
    env.add_filter("int", filters::int);
    env.add_filter("float", filters::float);
    env.add_filter("string", filters::string);
    env.add_filter("abs", filters::abs);
    env.add_filter("round", filters::round);
    env.add_filter("length", filters::length);
    env.add_filter("default", filters::default);
    env.add_filter("first", filters::first);
    env.add_filter("last", filters::last);
    env.add_filter("min", filters::min);
    env.add_filter("max", filters::max);
    env.add_filter("replace", replace);
    env.add_test("defined", tests::is_defined);
    env.add_test("none", tests::is_none);
    env
}

/// Names of the filters, for hints and the language reference.
pub const FILTERS: [&str; 15] = [
    "abs", "default", "first", "float", "int", "last", "length", "lower", "max", "min", "replace", "round", "string",
    "trim", "upper",
];

/// Replaces texts. The result is limited like any other text.
fn replace(text: &str, from: &str, to: &str) -> Result<String, Error> {
    let grown = text.len().saturating_add(text.matches(from).count().saturating_mul(to.len()));
    if grown > 4 * MAX_TEXT {
        return Err(Error::new(ErrorKind::InvalidOperation, "the replaced text is too long"));
    }
    Ok(text.replace(from, to))
}

/// Evaluates scalars. An expression that occurs again is compiled once.
pub struct Engine<'env> {
    env: &'env Environment<'static>,
    compiled: RefCell<HashMap<String, Rc<Expression<'env, 'static>>>>,
}

impl<'env> Engine<'env> {
    /// An engine for the language of [`environment`].
    pub fn new(env: &'env Environment<'static>) -> Self {
        Self { env, compiled: RefCell::default() }
    }

    /// Evaluates a scalar that holds at least one expression.
    pub fn scalar(&self, text: &str, scope: &Scope, budget: &mut Budget) -> Result<Evaluated, TemplateError> {
        let segments = segment::split(text).map_err(|error| TemplateError {
            id: id::TEMPLATE_SYNTAX,
            message: error.to_string(),
            help: Some("write \"{{ '{{' }}\" for two braces as text".to_owned()),
            expression: None,
        })?;
        if let [Segment::Expression(expression)] = segments[..] {
            return self.expression(expression, scope, budget).map(Evaluated::Typed);
        }
        let mut result = String::with_capacity(text.len());
        for segment in segments {
            match segment {
                Segment::Literal(literal) => result.push_str(literal),
                Segment::Expression(expression) => {
                    result.push_str(&as_text(expression, &self.expression(expression, scope, budget)?)?);
                }
            }
        }
        Ok(Evaluated::Text(result))
    }

    fn expression(&self, text: &str, scope: &Scope, budget: &mut Budget) -> Result<Value, TemplateError> {
        if text.len() > MAX_EXPRESSION {
            return Err(limit(text, format!("an expression has at most {MAX_EXPRESSION} bytes")));
        }
        budget
            .expression(text.len(), scope.longest_text())
            .map_err(|_| limit(text, "expanding the templates takes too much work".to_owned()))?;
        if !multiplies_numbers_only(text, scope.value()) {
            return Err(TemplateError {
                id: id::TEMPLATE_ERROR,
                message: "`*` multiplies numbers only".to_owned(),
                help: Some("if a side is a text with a number, write `(x | int) * 2`".to_owned()),
                expression: Some((text.to_owned(), None)),
            });
        }
        let compiled = self.compile(text)?;
        let value = compiled.eval(scope.value().clone()).map_err(|error| explain(text, &compiled, &error, scope))?;
        if value.is_undefined() {
            return Err(undefined(text, &compiled, scope, None));
        }
        Ok(value)
    }

    fn compile(&self, text: &str) -> Result<Rc<Expression<'env, 'static>>, TemplateError> {
        if let Some(known) = self.compiled.borrow().get(text) {
            return Ok(Rc::clone(known));
        }
        let compiled = self.env.compile_expression_owned(text.to_owned()).map_err(|error| TemplateError {
            id: id::TEMPLATE_SYNTAX,
            message: format!("not an expression: {}", detail(&error)),
            help: None,
            expression: Some((text.to_owned(), error.range())),
        })?;
        let compiled = Rc::new(compiled);
        self.compiled.borrow_mut().insert(text.to_owned(), Rc::clone(&compiled));
        Ok(compiled)
    }
}

/// The text of a value inside a longer text.
fn as_text(expression: &str, value: &Value) -> Result<String, TemplateError> {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::String | ValueKind::Number | ValueKind::Bool => {
            let text = value.to_string();
            if text.len() > MAX_TEXT {
                return Err(limit(expression, format!("the expression's text is longer than {MAX_TEXT} bytes")));
            }
            Ok(text)
        }
        kind => Err(TemplateError {
            id: id::TEMPLATE_ERROR,
            message: format!("a value of type {kind} cannot be part of a text"),
            help: Some("use a text, a number or a boolean".to_owned()),
            expression: Some((expression.to_owned(), None)),
        }),
    }
}

fn limit(expression: &str, message: String) -> TemplateError {
    let shown: String = expression.chars().take(80).collect();
    TemplateError { id: id::TEMPLATE_LIMIT, message, help: None, expression: Some((shown, None)) }
}

fn detail(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

fn explain(text: &str, compiled: &Expression<'_, '_>, error: &Error, scope: &Scope) -> TemplateError {
    let at = Some((text.to_owned(), error.range()));
    match error.kind() {
        ErrorKind::UndefinedError => undefined(text, compiled, scope, error.range()),
        ErrorKind::OutOfFuel => limit(text, format!("the expression takes more than {FUEL} steps")),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            TemplateError {
                id: id::TEMPLATE_ERROR,
                message: detail(error),
                help: Some(format!("the filters are {}", FILTERS.join(", "))),
                expression: at,
            }
        }
        _ => TemplateError {
            id: id::TEMPLATE_ERROR,
            message: format!("cannot evaluate the expression: {}", detail(error)),
            help: None,
            expression: at,
        },
    }
}

fn undefined(text: &str, compiled: &Expression<'_, '_>, scope: &Scope, range: Option<Range<usize>>) -> TemplateError {
    let mut missing: Vec<_> = compiled
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !scope.names().any(|known| known == name))
        .collect();
    missing.sort_unstable();
    let Some(name) = missing.first() else {
        let part = range.clone().and_then(|range| text.get(range)).unwrap_or(text).trim();
        return TemplateError {
            id: id::UNDEFINED_VARIABLE,
            message: format!("`{part}` is not defined"),
            help: Some("the variable is defined, but has no such field".to_owned()),
            expression: Some((text.to_owned(), range)),
        };
    };
    let known: Vec<_> = scope.names().collect();
    let help = nearest::did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.len() {
        0 => "nothing is defined here: add `vars` or a `matrix`".to_owned(),
        _ => format!("defined here: {}", known.join(", ")),
    });
    let range = text.find(name.as_str()).map(|at| at..at + name.len());
    TemplateError {
        id: id::UNDEFINED_VARIABLE,
        message: format!("`{name}` is not defined"),
        help: Some(help),
        expression: Some((text.to_owned(), range)),
    }
}
