"""Drives a runner as the published driver scripts do: it knows the runner protocol (contract 4) and nothing else.

Run as `foreign_driver.py FILES_DIR RUNNER_CMD S3_CLIENT WORKLOAD BUCKET REGION TARGET_THROUGHPUT`.

Prints one JSON object: the exit code, the runs that the runner reported, and the reason of a skip or failure.
"""

import json
import re
import shlex
import subprocess
import sys

RUN = re.compile(r"^Run:(\d+) Secs:(\d+\.\d+) Gb/s:(\d+\.\d+)", re.MULTILINE)
REASON = re.compile(r"^(Skipping benchmark|FAIL) - (.+)$", re.MULTILINE)


def main(files_dir, runner_cmd, client, workload, bucket, region, target):
    command = shlex.split(runner_cmd) + [client, workload, bucket, region, target]
    done = subprocess.run(command, cwd=files_dir, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    runs = [(int(n), float(secs), float(gbps)) for n, secs, gbps in RUN.findall(done.stdout) + RUN.findall(done.stderr)]
    reason = REASON.search(done.stderr)
    print(json.dumps({
        "exitCode": done.returncode,
        "runs": [{"run": n, "secs": secs, "gbps": gbps} for n, secs, gbps in runs],
        "reason": reason and {"kind": reason[1], "text": reason[2]},
        "stderr": done.stderr,
    }))


main(*sys.argv[1:])
