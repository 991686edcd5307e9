//! What the diagnostics of reading and expanding sources mean.

use checked_document::Explanation;

use crate::id;

/// The diagnostics of this stage.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        id: id::UNREADABLE,
        what: "A source file that cannot be read.",
        why: "The system says why.",
        example: "(a file without read permission)\n",
    },
    Explanation {
        id: id::TEMPLATE_SYNTAX,
        what: "A scalar whose braces do not pair, or an expression that is none.",
        why: "Only `{{ expressions }}` are evaluated: no statements, no comments, no whitespace control.",
        example: "action: upload\nfileSize: \"{{ 1 + }}KiB\"\n",
    },
    Explanation {
        id: id::UNDEFINED_VARIABLE,
        what: "An expression that uses a name or a field that is not defined.",
        why: "An empty text in its place would compile to another workload than was meant.",
        example: "action: upload\nfileSize: \"{{ sice }}\"\nvars: { size: 1KiB }\n",
    },
    Explanation {
        id: id::TEMPLATE_ERROR,
        what: "An expression that cannot be evaluated, such as an unknown filter, a text times a number, or one whose result is again an expression.",
        why: "The message says what does not go together.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: \"{{ 'a' * 3 }}\"\n",
    },
    Explanation {
        id: id::TEMPLATE_LIMIT,
        what: "An expression, or all of them together, that take too much work or too long a text.",
        why: "A source must not be able to hang the compiler or exhaust memory.",
        example: "action: upload\nfileSize: \"{{ a ~ a ~ a }}\"\nvars: { a: (a text of more than 1,024 bytes) }\n",
    },
    Explanation {
        id: id::BAD_VARIABLE,
        what: "A variable or axis whose name is no identifier, or is already taken.",
        why: "Expressions could not name it, or would silently mean the other one.",
        example: "action: upload\nfileSize: 1KiB\nvars: { file-size: 1 }\n",
    },
    Explanation {
        id: id::TOO_MANY_COMBINATIONS,
        what: "Matrices with more combinations than a build takes (10,000 unless `--max-combinations` says otherwise).",
        why: "A few axes of a few dozen values each are millions of files.",
        example: "action: upload\nfileSize: 1KiB\nmatrix: { a: [1, 2, 3], b: [1, 2, 3] } # with --max-combinations 8\n",
    },
    Explanation {
        id: id::UNKNOWN_AXIS,
        what: "An `include` or `exclude` that names an axis the matrix does not have.",
        why: "The exclude would match nothing, the include's value would be used by nobody.",
        example: "action: \"{{ action }}\"\nfileSize: 1KiB\nmatrix:\n  action: [upload, download]\n  exclude: [{ acton: upload }]\n",
    },
    Explanation {
        id: id::INCOMPLETE_INCLUDE,
        what: "An `include` that leaves an axis out.",
        why: "An include is a whole combination; a missing value would be undefined where it is used.",
        example: "action: \"{{ action }}\"\nfileSize: \"{{ size }}\"\nmatrix:\n  action: [upload]\n  size: [1KiB]\n  include: [{ action: download }]\n",
    },
    Explanation {
        id: id::EMPTY_MATRIX,
        what: "A matrix whose combinations are all excluded.",
        why: "The document makes no workload at all.",
        example: "action: upload\nfileSize: 1KiB\nmatrix:\n  a: [1]\n  exclude: [{ a: 1 }]\n",
    },
    Explanation {
        id: id::UNUSED_EXCLUDE,
        what: "An `exclude` that matches no combination (a warning).",
        why: "It was meant to leave something out, and does not.",
        example: "action: \"{{ action }}\"\nfileSize: 1KiB\nmatrix:\n  action: [upload]\n  exclude: [{ action: download }]\n",
    },
    Explanation {
        id: id::BAD_SIZE,
        what: "A size that is not a whole number directly followed by `bytes`, `byte`, `KiB`, `MiB`, `GiB` or `TiB`, has leading zeros or is above 8 EiB.",
        why: "`1kB` is 1000 or 1024 bytes depending on the reader, and the spelling becomes a part of names and keys.",
        example: "action: upload\nfileSize: 007KiB\n",
    },
    Explanation {
        id: id::BAD_KEY,
        what: "A key that is empty, absolute, has an empty, `.` or `..` part, a NUL or a backslash, or is too long.",
        why: "Keys are also paths below the files directory, which they must not leave.",
        example: "name: w\ntasks: [{ action: download, key: ../secret, size: 1KiB }]\n",
    },
    Explanation {
        id: id::BAD_NAME,
        what: "A name with other characters than letters, digits, `-` and `_`.",
        why: "It becomes a file name and a command-line argument.",
        example: "name: my workload\naction: upload\nfileSize: 1KiB\n",
    },
    Explanation {
        id: id::TASKS_AND_DERIVED,
        what: "A workload with `tasks` and also `action`, `fileSize` or `numFiles`.",
        why: "Only one of them can say what the tasks are.",
        example: "name: w\naction: upload\ntasks: [{ action: upload, key: upload/1, size: 1KiB }]\n",
    },
];
