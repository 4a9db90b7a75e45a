"""Settings: the only place that reads the environment."""

from config.settings import InvalidSettings, Settings

__all__ = ["InvalidSettings", "Settings"]
