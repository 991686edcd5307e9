//! Rule: no key is a folder of another.

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::clash::clash;
use super::key_index::KeyUse;
use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("path-clash"),
        what: "A key is a folder of another key, like `a/b` and `a/b/c`.",
        why: "Keys are paths below the files directory, and no path is both a file and a folder.",
        example: "name: w\ntasks:\n  - { action: download, key: a/b, size: 1KiB }\n  - { action: download, key: a/b/c, size: 1KiB }\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let keys = context.keys();
    for (key, uses) in keys.explicit() {
        if let (Some(this), Some(folder)) = (uses.first(), folder_of(context, key)) {
            diagnostics.push(diagnostic(this, key, &folder));
        }
    }
    // Only an explicit key can be a folder of a series: it is then the prefix or a part of it.
    let mut series: Vec<_> = keys.series().collect();
    series.sort_by_key(|series| series.key);
    for series in series {
        if let Some(folder) = folder_of(context, series.key) {
            diagnostics.push(diagnostic(&series, series.key, &folder));
        }
    }
}

/// The use of a key that is a folder above `key`.
fn folder_of<'a>(context: &Context<'a>, key: &str) -> Option<KeyUse<'a>> {
    key.match_indices('/').find_map(|(at, _)| context.keys().use_of(&key[..at]))
}

fn diagnostic(this: &KeyUse<'_>, key: &str, folder: &KeyUse<'_>) -> Diagnostic {
    clash(
        RULE.explanation.id,
        format!("a key of {} is a folder of `{key}`", folder.workload.name),
        (this.workload, this.span, "needs the folder".to_owned()),
        (folder.workload, folder.span, "is a file there".to_owned()),
    )
}
