#!/usr/bin/env python3
"""What the build script of the existing project does, for comparison: each flat NAME.src.json given as an argument
becomes NAME.run.json in the folder that the first argument names."""
import json
import sys
from pathlib import Path

UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "bytes": 1, "byte": 1}


def size_in_bytes(text):
    digits = text.rstrip("KMGiBbytes")
    return int(digits) * UNITS[text[len(digits):]]


def build(source, folder):
    fields = json.loads(source.read_text())
    action, size = fields["action"], fields["fileSize"]
    count = fields.get("numFiles", 1)
    checksum = fields.get("checksum")
    directory = f"{size}-{count:_}x" + (f"-{checksum.lower()}" if checksum else "")
    width = len(str(count))
    workload = {
        "version": 2,
        "comment": fields.get("comment", ""),
        "filesOnDisk": fields.get("filesOnDisk", True),
        "checksum": checksum,
        "maxRepeatCount": fields.get("maxRepeatCount", 10),
        "maxRepeatSecs": fields.get("maxRepeatSecs", 600),
        "tasks": [
            {"action": action, "key": f"{action}/{directory}/{index + 1:0{width}}", "size": size_in_bytes(size)}
            for index in range(count)
        ],
    }
    with open(folder / (source.name.split(".")[0] + ".run.json"), "w") as file:
        json.dump(workload, file, indent=4)
        file.write("\n")


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for source in sys.argv[2:]:
        build(Path(source), folder)


if __name__ == "__main__":
    main()
