"""Where the demo keeps its things: one directory a market, thrown away by `make reset`."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path(__file__).resolve().parent.parent / ".demo"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below `root`."""

    root: Path = DEFAULT

    @property
    def postgres(self) -> Path:
        """The database server's data."""
        return self.root / "postgres"

    @property
    def mail(self) -> Path:
        """The Maildir into which the demo's mail server delivers."""
        return self.root / "mail"

    @property
    def logs(self) -> Path:
        """One log for each process."""
        return self.root / "logs"

    @property
    def metrics(self) -> Path:
        """What the web workers count, shared between them."""
        return self.root / "metrics"

    @property
    def secrets(self) -> Path:
        """The secrets of this demo, made once."""
        return self.root / "secrets.env"

    @property
    def lock(self) -> Path:
        """Locked while the demo runs."""
        return self.root / "lock"

    def prepare(self) -> None:
        """Make the directories; the database server's user must be able to walk through `root`."""
        self.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        for directory in (self.logs, self.metrics):  # the mail server makes its own
            directory.mkdir(mode=0o700, exist_ok=True)


def home_of(profile: str, usual: str) -> Home:
    """Where the demo of this market profile lives: a database of one market is no other's."""
    return Home(DEFAULT if profile == usual else DEFAULT.with_name(f"{DEFAULT.name}-{profile}"))
