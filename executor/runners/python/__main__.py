"""Runs one Python S3 client on one workload: `python3 -B executor/runners/python CLIENT WORKLOAD BUCKET REGION GBPS`.

Speaks the runner protocol (exit codes 0, 123, 130, 255 and `Run:` lines) and its extended form where the environment
asks for it (`WLX_EVENTS`, `WLX_CONTROL`, `WLX_TUNED`).
"""

import sys

from wlx_runner.session import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
