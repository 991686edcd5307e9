//! The meaning of diagnostics, for the reference in `docs/`.

use crate::{DiagnosticId, id};

/// The documentation of one diagnostic id.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The id of the diagnostic.
    pub id: DiagnosticId,
    /// What is found.
    pub what: &'static str,
    /// Why it is a problem.
    pub why: &'static str,
    /// A document that shows it.
    pub example: &'static str,
}

/// The diagnostics of this crate.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        id: id::SYNTAX,
        what: "The text is not YAML, or not JSON if the file name ends in `.json`.",
        why: "Nothing can be read from it.",
        example: "action: [upload\n",
    },
    Explanation {
        id: id::NOT_UTF8,
        what: "The file has bytes that are not UTF-8.",
        why: "Different readers would see different keys and comments.",
        example: "comment: (a byte 0xff)\n",
    },
    Explanation {
        id: id::TOO_LARGE,
        what: "The file is larger, is nested deeper or expands to more values than the reader accepts.",
        why: "A source must not be able to exhaust memory.",
        example: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b] # and so on\n",
    },
    Explanation {
        id: id::DUPLICATE_FIELD,
        what: "A map has the same key twice.",
        why: "A reader that takes one of them silently ignores the other.",
        example: "action: upload\naction: download\n",
    },
    Explanation {
        id: id::UNSUPPORTED_YAML,
        what: "A key that is not text, a tag, or an alias that leads to itself.",
        why: "Workloads are JSON data; such YAML has no meaning there.",
        example: "fileSize: !!binary aGVsbG8=\n",
    },
    Explanation {
        id: id::UNQUOTED_TEMPLATE,
        what: "A `{{ expression }}` starts a value without quotes.",
        why: "YAML reads a brace as the start of a map, and a source must be valid YAML before expansion.",
        example: "numFiles: {{ count }}\n",
    },
    Explanation {
        id: id::UNKNOWN_FIELD,
        what: "A field that the format does not have.",
        why: "A misspelled field would silently be replaced by its default.",
        example: "action: upload\nfilesize: 1KiB\n",
    },
    Explanation {
        id: id::MISSING_FIELD,
        what: "A required field is missing.",
        why: "It has no sensible default.",
        example: "matrix:\n  size: [1KiB]\n  include: 1\n",
    },
    Explanation {
        id: id::WRONG_TYPE,
        what: "A value has another type than the field.",
        why: "`\"10\"` is not 10, and `yes` is text in YAML 1.2.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: '10'\n",
    },
    Explanation {
        id: id::WRONG_VALUE,
        what: "A value has the right type but is not one of those allowed.",
        why: "A runner would refuse it, or accept it and do something else.",
        example: "action: copy\nfileSize: 1KiB\n",
    },
    Explanation {
        id: id::OUT_OF_RANGE,
        what: "A number is outside of the range of the field, or a text or list is too short or too long.",
        why: "Zero files or zero repeats would measure nothing.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: 0\n",
    },
    Explanation {
        id: id::UNKNOWN_VERSION,
        what: "A compiled file has a format version that this release does not read.",
        why: "A newer version has fields that change what is measured. Ignoring them would give wrong figures.",
        example: "{\"version\": 9}\n",
    },
    Explanation {
        id: id::BAD_VALUE,
        what: "A value fits the schema but breaks another rule of the format.",
        why: "The message names the rule.",
        example: "{\"version\": 2, \"checksum\": \"CRC64NVME\"}\n",
    },
];
