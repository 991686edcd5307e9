//! What a kind of diagnostic means, for the reference in `docs/`.

use crate::{DiagnosticId, id};

/// The documentation of one diagnostic id.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The id that a diagnostic carries.
    pub id: DiagnosticId,
    /// What is found.
    pub what: &'static str,
    /// Why it is a problem.
    pub why: &'static str,
    /// A document that shows it.
    pub example: &'static str,
}

/// The diagnostics that this crate makes.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        id: id::SYNTAX,
        what: "The text is not YAML, or not JSON where the file name ends in `.json`.",
        why: "Nothing can be read from it.",
        example: "action: [upload\n",
    },
    Explanation {
        id: id::NOT_UTF8,
        what: "The file has bytes that are not UTF-8.",
        why: "Keys and comments would differ between readers.",
        example: "comment: (a byte 0xff)\n",
    },
    Explanation {
        id: id::TOO_LARGE,
        what: "The file is larger, deeper nested or expands to more values than is read.",
        why: "A source must not be able to exhaust memory.",
        example: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b] # and so on\n",
    },
    Explanation {
        id: id::DUPLICATE_FIELD,
        what: "A map names one key twice.",
        why: "Readers that take the last (or the first) one silently ignore the other.",
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
        why: "YAML reads a brace as the start of a map; a source is valid YAML before expansion.",
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
        what: "A required field is not there.",
        why: "It has no sensible default.",
        example: "matrix:\n  size: [1KiB]\n  include: 1\n",
    },
    Explanation {
        id: id::WRONG_TYPE,
        what: "A value of another type than the field has.",
        why: "`\"10\"` is not 10, and `yes` is text in YAML 1.2.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: '10'\n",
    },
    Explanation {
        id: id::WRONG_VALUE,
        what: "A value of the right type that is not one of those allowed.",
        why: "Runners refuse it, or worse, do not.",
        example: "action: copy\nfileSize: 1KiB\n",
    },
    Explanation {
        id: id::OUT_OF_RANGE,
        what: "A number below or above what the field takes, or a text or list too short or too long.",
        why: "Zero files or zero repeats measure nothing.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: 0\n",
    },
    Explanation {
        id: id::UNKNOWN_VERSION,
        what: "A compiled file of a format version that this release does not read.",
        why: "A newer version has fields that change what is measured; ignoring them would give wrong numbers.",
        example: "{\"version\": 9}\n",
    },
    Explanation {
        id: id::BAD_VALUE,
        what: "A value that fits the schema but not what it stands for.",
        why: "The rule is in the message.",
        example: "{\"version\": 2, \"checksum\": \"CRC64NVME\"}\n",
    },
];
