"""Exported results: compares what pandas, pyarrow, csv and json read with each other and with the database.

Run as `exports.py WLX DATABASE`.
"""

import csv
import io
import json
import math
import sqlite3
import subprocess
import sys

import pandas
import pyarrow
import pyarrow.parquet

WLX, DATABASE = sys.argv[1:3]
ARROW_TYPES = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "float": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "time": pyarrow.timestamp("us", tz="UTC"),
}
FIGURES = {
    "receive_bytes_per_second": "receive_bytes_per_second",
    "send_bytes_per_second": "send_bytes_per_second",
    "cpu_cores": "cpu_cores",
    "peak_memory_bytes": "peak_memory_bytes",
    "bytes_per_cpu_second": "bytes_per_cpu_second",
    "duration_seconds": "seconds",
    "requests_per_second": "requests_per_second",
}


def same(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def export(level, *flags):
    command = [WLX, "results", "export", "--db", DATABASE, "--level", level, *flags]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def documented(level):
    """The name and type of each column, as `--columns` prints them."""
    lines = export(level, "--columns=markdown").decode().splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(cell[1].strip("`"), cell[2]) for cell in cells]


def parquet(level):
    table = pyarrow.parquet.read_table(io.BytesIO(export(level, "--format", "parquet")))
    expected = [(name, ARROW_TYPES[kind]) for name, kind in documented(level)]
    same([(field.name, field.type) for field in table.schema], expected, f"columns of {level}")
    metadata = table.schema.metadata
    same(metadata[b"wlx.level"].decode(), level, "level")
    assert metadata[b"wlx.version"]
    return table


def csv_rows(level):
    reader = csv.DictReader(io.StringIO(export(level, "--format", "csv").decode(), newline=""), strict=True)
    rows = list(reader)
    same(reader.fieldnames, [name for name, _ in documented(level)], f"header of {level}")
    return rows


def from_text(text, kind):
    """A cell of CSV, or a JSON string, as pyarrow returns it."""
    if text == "":
        return None
    read = {"text": str, "integer": int, "float": float, "boolean": {"true": True, "false": False}.get,
            "time": pandas.Timestamp}
    return read[kind](text)


def camel_case(name):
    first, *words = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in words)


def formats_agree(level):
    table = parquet(level)
    rows = table.to_pylist()
    written = csv_rows(level)
    same(len(written), len(rows), f"rows of {level}")
    for row, line in zip(rows, written):
        for name, kind in documented(level):
            same(from_text(line[name], kind), row[name], f"CSV of {level}, {name}")
    if level != "repeat":
        document = json.loads(export(level, "--format", "json"))
        same((document["version"], document["level"], len(document["rows"])), (1, level, len(rows)), "document")
        for row, line in zip(rows, document["rows"]):
            same(list(line), [camel_case(name) for name, _ in documented(level)], "names")
            for name, kind in documented(level):
                value = line[camel_case(name)]
                value = from_text(value, kind) if kind == "time" and value else value
                same(value, row[name], f"JSON of {level}, {name}")
    return table.to_pandas()


def near(actual, expected, what):
    if math.isnan(expected):
        assert actual is None or math.isnan(actual), f"{what}: {actual!r} instead of nothing"
    elif not math.isclose(actual, expected, rel_tol=1e-9, abs_tol=1e-9):
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def statistics_are_those_of_pandas(runs, repeats):
    described = 0
    for run in runs.to_dict("records"):
        mine = repeats[(repeats.run == run["run"]) & repeats.good]
        warm = mine[~mine.cold]
        basis, of = ("warm", warm) if len(warm) else ("cold", mine) if len(mine) else ("nothing", mine)
        same(run["basis"], basis, f"basis of run {run['run']}")
        for figure, column in FIGURES.items():
            expected = of[column].astype("float64").describe()
            for statistic in expected.index:
                name = f"{figure}_{statistic.rstrip('%')}"
                near(run[name], expected[statistic], f"{name} of run {run['run']}")
                described += not math.isnan(expected[statistic])
    return described


def database():
    """What the tables of the database say about each repeat."""
    connection = sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True)
    rows = connection.execute("SELECT run, repeat, seconds, bytes FROM repeat").fetchall()
    return {(run, repeat): (seconds, size) for run, repeat, seconds, size in rows}


def repeats_are_those_of_the_database(repeats):
    stored = database()
    exported = {(row.run, row.repeat): (row.seconds, row.bytes) for row in repeats.itertuples()}
    same(exported, stored, "repeats")


def tasks_add_up(repeats, tasks):
    same(list(tasks.duration_ns), list(tasks.end_ns - tasks.start_ns), "durations")
    same(list(tasks.good), list(tasks.error.isna()), "good tasks")
    for repeat in repeats.itertuples():
        mine = tasks[(tasks.run == repeat.run) & (tasks.repeat == repeat.repeat)]
        where = f"run {repeat.run}, repeat {repeat.repeat}"
        same(int((~mine.good).sum()), repeat.failed_tasks, f"failed tasks of {where}")
        if repeat.good:
            same(len(mine), repeat.workload_tasks, f"tasks of {where}")
            same(int(mine.bytes.sum()), repeat.bytes, f"bytes of {where}")
            for action, figure in [("download", "receive_bytes_per_second"), ("upload", "send_bytes_per_second")]:
                moved = mine[mine.action == action].bytes.sum() / repeat.seconds
                near(getattr(repeat, figure), moved, f"{figure} of {where}")
    assert tasks.first_byte_ns.notna().any() and tasks.first_byte_ns.isna().any(), "uploads have no first byte"


def main():
    runs, repeats, tasks = (formats_agree(level) for level in ("run", "repeat", "task"))
    assert repeats.good.any() and not repeats.good.all(), "the test wants both kinds of repeats"
    assert (tasks.key.str.contains(",")).any() and (tasks.key.str.contains('"')).any(), "the test wants such keys"
    repeats_are_those_of_the_database(repeats)
    tasks_add_up(repeats, tasks)
    described = statistics_are_those_of_pandas(runs, repeats)
    assert described > 40, described
    print(f"ok: {len(runs)} runs, {len(repeats)} repeats, {len(tasks)} tasks, {described} statistics")


main()
