"""Loads the libclang that bindgen would load, and parses a C file with it.

bindgen finds libclang by the crate clang-sys. This follows its search (clang-sys 1.9, build/common.rs and build/dynamic.rs): the
same folders, the same names, the same choice among several. libclang-cpp is another library and does not count. The parsed file
includes a header of clang's own and one of the C library, so both must be there too.

Prints the library and its version; ends with 1 and the reason where bindgen would fail.
"""

import ctypes
import glob
import os
import shlex
import subprocess
import sys
import tempfile

NAMES = ["libclang.so", "libclang-*.so", "libclang.so.*", "libclang-*.so.*"]
FOLDERS = [
    "/usr/local/llvm*/lib*",
    "/usr/local/lib*/*/*",
    "/usr/local/lib*/*",
    "/usr/local/lib*",
    "/usr/lib*/*/*",
    "/usr/lib*/*",
    "/usr/lib*",
]
SOURCE = "#include <stddef.h>\n#include <stdio.h>\nstatic const size_t length = sizeof(FILE *);\n"
# CXDiagnostic_Error
ERROR = 3


class String(ctypes.Structure):
    """CXString"""

    _fields_ = [("data", ctypes.c_void_p), ("private_flags", ctypes.c_uint)]


def libraries_in(folder):
    for name in NAMES:
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), name))):
            if "-cpp." not in os.path.basename(path):
                yield path


def search_folders():
    llvm_config = os.environ.get("LLVM_CONFIG_PATH", "llvm-config")
    try:
        prefix = subprocess.run([llvm_config, "--prefix"], capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        prefix = []
    for line in prefix[:1]:
        yield from (os.path.join(line, folder) for folder in ("bin", "lib", "lib64"))
    for variable in ("LD_LIBRARY_PATH", "LIBRARY_PATH"):
        yield from filter(None, os.environ.get(variable, "").split(":"))
    for pattern in FOLDERS:
        yield from filter(os.path.isdir, sorted(glob.glob(pattern)))


def candidates():
    configured = os.environ.get("LIBCLANG_PATH")
    if configured is None:
        return [library for folder in search_folders() for library in libraries_in(folder)]
    if configured in libraries_in(os.path.dirname(configured)):
        return [configured]
    return list(libraries_in(configured))


def version(library):
    """The numbers that decide between several libraries, as clang-sys reads them from the name."""
    name = os.path.basename(library)
    if name.startswith("libclang.so."):
        numbers = name.removeprefix("libclang.so.")
    elif name.startswith("libclang-"):
        numbers = name[len("libclang-") : -len(".so")]
    else:
        return []
    return [int(number) if number.isdigit() else 0 for number in numbers.split(".")]


def text(clang, string):
    clang.clang_getCString.argtypes, clang.clang_getCString.restype = [String], ctypes.c_char_p
    return clang.clang_getCString(string).decode()


def errors(clang, source):
    """What clang calls an error in `source`, in its own words; None where it does not parse at all."""
    clang.clang_createIndex.restype = ctypes.c_void_p
    clang.clang_parseTranslationUnit.restype = ctypes.c_void_p
    clang.clang_getDiagnostic.restype = ctypes.c_void_p
    clang.clang_formatDiagnostic.restype = String
    extra = [argument.encode() for argument in shlex.split(os.environ.get("BINDGEN_EXTRA_CLANG_ARGS", ""))]
    arguments = (ctypes.c_char_p * len(extra))(*extra)
    index = ctypes.c_void_p(clang.clang_createIndex(0, 0))
    unit = clang.clang_parseTranslationUnit(index, source.encode(), arguments, len(extra), None, 0, 0)
    if unit is None:
        return None
    unit, found = ctypes.c_void_p(unit), []
    for number in range(clang.clang_getNumDiagnostics(unit)):
        diagnostic = ctypes.c_void_p(clang.clang_getDiagnostic(unit, number))
        if clang.clang_getDiagnosticSeverity(diagnostic) >= ERROR:
            options = clang.clang_defaultDiagnosticDisplayOptions()
            found.append(text(clang, clang.clang_formatDiagnostic(diagnostic, options)))
    return found


def main():
    found = candidates()
    if not found:
        sys.exit(f"no {' or '.join(NAMES)} where clang-sys looks" + (" (LIBCLANG_PATH is set)" if "LIBCLANG_PATH" in os.environ else ""))
    library = max(found, key=version)
    try:
        clang = ctypes.CDLL(library)
        clang.clang_getClangVersion.restype = String
        loaded = text(clang, clang.clang_getClangVersion())
    except (OSError, AttributeError) as error:
        sys.exit(f"{library} does not load: {error}")
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "usable.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        problems = errors(clang, source)
    if problems is None or problems:
        sys.exit(f"{library} ({loaded}) cannot parse a C file: {'; '.join(problems or ['no reason given'])}")
    print(f"{library}: {loaded}")


if __name__ == "__main__":
    main()
