"""Runs one Python S3 client on one workload: `python3 -B executor/runners/python CLIENT WORKLOAD BUCKET REGION GBPS`.

Speaks the runner protocol (exit codes 0, 123, 130, 255 and `Run:` lines) and its extended form where the environment
asks for it (`WLX_EVENTS`, `WLX_CONTROL`, `WLX_TUNED`).
"""

import os
import sys

from wlx_runner.session import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # All tasks have ended. Threads that a library keeps have been seen to abort the process while the interpreter
    # takes itself down (obstore), after a good run.
    os._exit(code)
