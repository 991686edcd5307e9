//! The meaning of the diagnostics for reading and expanding sources.

use checked_document::Explanation;

use crate::id;

/// The diagnostics of this stage.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        id: id::UNREADABLE,
        what: "A source file cannot be read.",
        why: "The message has the reason that the system gave.",
        example: "(a file without read permission)\n",
    },
    Explanation {
        id: id::TEMPLATE_SYNTAX,
        what: "The braces of a scalar do not pair, or the text between them is not an expression.",
        why: "Only `{{ expressions }}` are evaluated. There are no statements, comments or whitespace control.",
        example: "action: upload\nfileSize: \"{{ 1 + }}KiB\"\n",
    },
    Explanation {
        id: id::UNDEFINED_VARIABLE,
        what: "An expression uses a name or a field that is not defined.",
        why: "With an empty text in its place, the source would compile to another workload.",
        example: "action: upload\nfileSize: \"{{ sice }}\"\nvars: { size: 1KiB }\n",
    },
    Explanation {
        id: id::TEMPLATE_ERROR,
        what: "An expression cannot be evaluated: it has an unknown filter, multiplies a text, or its result is again an expression.",
        why: "The message says what is wrong.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: \"{{ 'a' * 3 }}\"\n",
    },
    Explanation {
        id: id::TEMPLATE_LIMIT,
        what: "An expression, or all of them together, need too much work or make a text that is too long.",
        why: "A source must not be able to hang the compiler or exhaust memory.",
        example: "action: upload\nfileSize: \"{{ a ~ a ~ a }}\"\nvars: { a: (a text of more than 1,024 bytes) }\n",
    },
    Explanation {
        id: id::BAD_VARIABLE,
        what: "The name of a variable or axis is not an identifier or is already taken.",
        why: "Expressions could not use it, or would silently use the other one.",
        example: "action: upload\nfileSize: 1KiB\nvars: { file-size: 1 }\n",
    },
    Explanation {
        id: id::TOO_MANY_COMBINATIONS,
        what: "All matrices together have more combinations than allowed (10,000 unless `--max-combinations` says otherwise).",
        why: "A few axes with a few dozen values each make millions of files.",
        example: "action: upload\nfileSize: 1KiB\nmatrix: { a: [1, 2, 3], b: [1, 2, 3] } # with --max-combinations 8\n",
    },
    Explanation {
        id: id::UNKNOWN_AXIS,
        what: "An `include` or `exclude` names an axis that the matrix does not have.",
        why: "The exclude would match nothing, and the value of the include would never be used.",
        example: "action: \"{{ action }}\"\nfileSize: 1KiB\nmatrix:\n  action: [upload, download]\n  exclude: [{ acton: upload }]\n",
    },
    Explanation {
        id: id::INCOMPLETE_INCLUDE,
        what: "An `include` leaves out an axis.",
        why: "An include is a complete combination. A missing value would be undefined where it is used.",
        example: "action: \"{{ action }}\"\nfileSize: \"{{ size }}\"\nmatrix:\n  action: [upload]\n  size: [1KiB]\n  include: [{ action: download }]\n",
    },
    Explanation {
        id: id::EMPTY_MATRIX,
        what: "All combinations of a matrix are excluded.",
        why: "The document would make no workload.",
        example: "action: upload\nfileSize: 1KiB\nmatrix:\n  a: [1]\n  exclude: [{ a: 1 }]\n",
    },
    Explanation {
        id: id::UNUSED_EXCLUDE,
        what: "An `exclude` matches no combination (a warning).",
        why: "It was meant to leave something out but does not.",
        example: "action: \"{{ action }}\"\nfileSize: 1KiB\nmatrix:\n  action: [upload]\n  exclude: [{ action: download }]\n",
    },
    Explanation {
        id: id::BAD_SIZE,
        what: "A size is not a whole number directly followed by `bytes`, `byte`, `KiB`, `MiB`, `GiB` or `TiB`, has leading zeros or is above 8 EiB.",
        why: "`1kB` is 1000 or 1024 bytes depending on the reader, and the spelling becomes part of names and keys.",
        example: "action: upload\nfileSize: 007KiB\n",
    },
    Explanation {
        id: id::BAD_KEY,
        what: "A key is empty, absolute or too long, or it has a NUL, a backslash, or an empty, `.` or `..` part.",
        why: "Keys are also paths below the files directory, which they must not leave.",
        example: "name: w\ntasks: [{ action: download, key: ../secret, size: 1KiB }]\n",
    },
    Explanation {
        id: id::BAD_NAME,
        what: "A name has other characters than letters, digits, `-` and `_`.",
        why: "The name becomes a file name and a command-line argument.",
        example: "name: my workload\naction: upload\nfileSize: 1KiB\n",
    },
    Explanation {
        id: id::TASKS_AND_DERIVED,
        what: "A workload has `tasks` and also `action`, `fileSize` or `numFiles`.",
        why: "Only one of them can define the tasks.",
        example: "name: w\naction: upload\ntasks: [{ action: upload, key: upload/1, size: 1KiB }]\n",
    },
];
