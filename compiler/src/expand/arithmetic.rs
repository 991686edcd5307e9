//! The check that `*` multiplies numbers.
//!
//! In minijinja, `*` also repeats texts and lists, up to 100 MB each, and comparing nested repeated lists can take forever.
//! Fuel limits neither. An expression therefore runs only if both sides of every `*` are known to be numbers beforehand:
//! from literals, results of arithmetic and of some filters, and the values of variables.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, UnaryOpKind};
use minijinja::machinery::parse_expr;
use minijinja::value::{Value, ValueKind};

/// Filters whose result is a number.
const NUMBER_FILTERS: [&str; 5] = ["int", "float", "abs", "length", "round"];

/// Whether every `*` in the expression has numbers on both sides. An expression that does not parse counts as well:
/// minijinja reports what is wrong with it.
pub fn multiplies_numbers_only(expression: &str, scope: &Value) -> bool {
    if !expression.contains('*') {
        return true;
    }
    match parse_expr(expression) {
        Ok(tree) => is_safe(&tree, scope),
        Err(_) => true,
    }
}

fn is_safe(expr: &Expr<'_>, scope: &Value) -> bool {
    if let Expr::BinOp(operation) = expr
        && matches!(operation.op, BinOpKind::Mul)
        && !(is_number(&operation.left, scope) && is_number(&operation.right, scope))
    {
        return false;
    }
    children(expr).into_iter().all(|child| is_safe(child, scope))
}

fn is_number(expr: &Expr<'_>, scope: &Value) -> bool {
    match expr {
        Expr::Const(constant) => is_number_value(&constant.value),
        Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => {
            lookup(expr, scope).is_some_and(|value| is_number_value(&value))
        }
        Expr::UnaryOp(operation) => matches!(operation.op, UnaryOpKind::Neg) && is_number(&operation.expr, scope),
        Expr::BinOp(operation) => match operation.op {
            BinOpKind::Add | BinOpKind::Mul => is_number(&operation.left, scope) && is_number(&operation.right, scope),
            BinOpKind::Sub | BinOpKind::Div | BinOpKind::FloorDiv | BinOpKind::Rem | BinOpKind::Pow => true,
            _ => false,
        },
        Expr::IfExpr(choice) => {
            is_number(&choice.true_expr, scope)
                && choice.false_expr.as_ref().is_some_and(|other| is_number(other, scope))
        }
        Expr::Filter(filter) => {
            NUMBER_FILTERS.contains(&filter.name)
                || (filter.name == "default"
                    && filter.expr.iter().all(|inner| is_number(inner, scope))
                    && arguments(&filter.args).iter().all(|argument| is_number(argument, scope)))
        }
        _ => false,
    }
}

fn is_number_value(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Number | ValueKind::Bool)
}

/// The value of a plain path such as `shape.count` or `sizes[0]`.
fn lookup(expr: &Expr<'_>, scope: &Value) -> Option<Value> {
    match expr {
        Expr::Var(variable) => scope.get_attr(variable.id).ok(),
        Expr::GetAttr(access) => lookup(&access.expr, scope)?.get_attr(access.name).ok(),
        Expr::GetItem(access) => match &access.subscript_expr {
            Expr::Const(key) => lookup(&access.expr, scope)?.get_item(&key.value).ok(),
            _ => None,
        },
        _ => None,
    }
}

fn arguments<'a, 'source>(arguments: &'a [CallArg<'source>]) -> Vec<&'a Expr<'source>> {
    arguments
        .iter()
        .map(|argument| match argument {
            CallArg::Pos(expr) | CallArg::Kwarg(_, expr) | CallArg::PosSplat(expr) | CallArg::KwargSplat(expr) => expr,
        })
        .collect()
}

fn children<'a, 'source>(expr: &'a Expr<'source>) -> Vec<&'a Expr<'source>> {
    match expr {
        Expr::Var(_) | Expr::Const(_) => Vec::new(),
        Expr::Slice(slice) => [Some(&slice.expr), slice.start.as_ref(), slice.stop.as_ref(), slice.step.as_ref()]
            .into_iter()
            .flatten()
            .collect(),
        Expr::UnaryOp(operation) => vec![&operation.expr],
        Expr::BinOp(operation) => vec![&operation.left, &operation.right],
        Expr::Compare(compare) => std::iter::once(&compare.expr).chain(compare.ops.iter().map(|op| &op.expr)).collect(),
        Expr::IfExpr(choice) => [Some(&choice.test_expr), Some(&choice.true_expr), choice.false_expr.as_ref()]
            .into_iter()
            .flatten()
            .collect(),
        Expr::Filter(filter) => filter.expr.iter().chain(arguments(&filter.args)).collect(),
        Expr::Test(test) => std::iter::once(&test.expr).chain(arguments(&test.args)).collect(),
        Expr::GetAttr(access) => vec![&access.expr],
        Expr::GetItem(access) => vec![&access.expr, &access.subscript_expr],
        Expr::Call(call) => std::iter::once(&call.expr).chain(arguments(&call.args)).collect(),
        Expr::List(list) => list.items.iter().collect(),
        Expr::Tuple(tuple) => tuple.items.iter().collect(),
        Expr::Map(map) => map.keys.iter().chain(&map.values).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_multiplied() {
        let map = |fields: &[(&str, Value)]| {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            Value::from(fields.collect::<std::collections::BTreeMap<_, _>>())
        };
        let shape = map(&[("count", Value::from(3)), ("size", Value::from(4))]);
        let scope = map(&[("n", Value::from(2)), ("text", Value::from("x")), ("shape", shape)]);
        for (expression, safe) in [
            ("n * 3", true),
            ("shape.count * shape['size'] + 1", true),
            ("(n + 1) * -n", true),
            ("(text | int) * 2", true),
            ("(n if n else 1) * 2", true),
            ("text * 3", false),
            ("3 * 'x'", false),
            ("[1] * n", false),
            ("(text + text) * 2", false),
            ("n + [[1] * 9][0][0]", false),
            ("missing * 2", false),
            ("n ~ '*'", true),
        ] {
            assert_eq!(multiplies_numbers_only(expression, &scope), safe, "{expression}");
        }
    }
}
