"""`python -m examination application/pdf <file`: the exit status says what is wrong with the file,
if anything is."""

import resource
import sys

from .examine import examine
from .verdicts import STATUSES

# Of the whole process. Memory is several times what a picture of `images.MOST_PIXELS` takes.
LIMITS = {
    resource.RLIMIT_CPU: 5,  # seconds; a document of a person takes one at most
    resource.RLIMIT_AS: 1024**3,  # bytes
    resource.RLIMIT_FSIZE: 0,  # nothing is written to disk
    resource.RLIMIT_CORE: 0,  # … not even when it crashes
}


def main() -> None:
    """Give up what is not needed before the first byte of the file is read."""
    for kind, most in LIMITS.items():
        resource.setrlimit(kind, (most, most))
    sys.exit(STATUSES[examine(sys.argv[1], sys.stdin.buffer.read())])


if __name__ == "__main__":
    main()
