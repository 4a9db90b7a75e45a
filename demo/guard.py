"""The last resort against orphans: `python -m demo.guard` outlives whoever started it, briefly.

Its standard input is a pipe whose other end only the supervisor holds. When that end closes, the
supervisor is gone, however it went. The guard leads the process group that every other process of
the demo belongs to, and ends that group, itself included.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 1.0  # for web server and worker to finish what they do
DATABASE_SECONDS = 2.0  # for PostgreSQL to disconnect them and write its checkpoint


def main() -> None:
    """Wait for the end of the supervisor, then end its group."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    group = os.getpgrp()
    os.killpg(group, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(group, signal.SIGINT)  # PostgreSQL: don't wait for clients any longer
    time.sleep(DATABASE_SECONDS)
    os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
