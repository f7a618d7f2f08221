"""The subcommands, one module each."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "unit"), counted(2, "unit")
    ('1 unit', '2 units')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
