"""Rebuilds every derived standard workload as contract 1 and 2 prescribe, with Python's own json, and compares the bytes.

Run as `reference_build.py WORKLOADS_DIR`. Action, size, count and place come from the names, comment and limits from the files.
"""

import json
import pathlib
import re
import sys

NAME = re.compile(r"(upload|download)-(\d+)(bytes|byte|KiB|MiB|GiB|TiB)-([\d_]+)x(?:-(crc32|crc32c|sha1|sha256))?(-ram)?")
UNITS = {"byte": 1, "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def expected(name, given):
    action, size, unit, count, checksum, ram = NAME.fullmatch(name).groups()
    folder = name.removeprefix(f"{action}-").removesuffix(ram or "")
    number = int(count.replace("_", ""))
    assert f"{number:_}" == count, f"{name}: the count is not written with _ every three digits"
    digits = len(str(number))
    return {
        "version": 2,
        "comment": given["comment"],
        "filesOnDisk": ram is None,
        "checksum": checksum and checksum.upper(),
        "maxRepeatCount": given["maxRepeatCount"],
        "maxRepeatSecs": given["maxRepeatSecs"],
        "tasks": [{"action": action, "key": f"{action}/{folder}/{i:0{digits}}", "size": int(size) * UNITS[unit]}
                  for i in range(1, number + 1)],
    }


def max_throughput(action, given):
    task = {"action": action, "key": f"{action}/5GiB-1x/1", "size": 5 * 2**30}
    return {"version": 2, "comment": given["comment"], "filesOnDisk": False, "checksum": None,
            "maxRepeatCount": given["maxRepeatCount"], "maxRepeatSecs": given["maxRepeatSecs"], "tasks": [task] * 100}


def main(folder):
    count = 0
    for path in sorted(pathlib.Path(folder).glob("*.run.json")):
        name = path.name.removesuffix(".run.json")
        actual = path.read_bytes()
        given = json.loads(actual)
        if name.endswith("-max-throughput"):
            right = max_throughput(name.split("-")[0], given)
        elif given["version"] == 2:
            right = expected(name, given)
        else:
            continue
        if actual != (json.dumps(right, indent=4) + "\n").encode():
            sys.exit(f"{path.name} is not what contract 1 and 2 prescribe")
        count += 1
    assert count >= 21, f"only {count} workloads in {folder}"
    print(f"{count} workloads are as they should be")


main(sys.argv[1])
