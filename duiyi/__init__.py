"""The duiyi application: command line, workspace, reports and review."""

__version__ = "0.1.0"
