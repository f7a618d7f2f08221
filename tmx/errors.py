"""The error tree: what a user can put right derives from ``ToolError``."""


class ToolError(Exception):
    """Something the user can put right; the command line prints it as one line.

    The message says which file, where in it, what is wrong and, if that is not obvious, what to do.
    """


class FormatError(ToolError):
    """A file is not what its format promises."""


class EncodingError(ToolError):
    """Bytes of a text file cannot be decoded."""


class UnsupportedFormatError(ToolError):
    """No reader exists for this type of file; the message says what to convert it to."""


class LimitError(ToolError):
    """A file is larger, deeper or slower to read than the limits in the settings allow."""


class EmptyInputError(ToolError):
    """There is nothing to align: no document, no text, or only one of the two languages."""


class OutputError(ToolError):
    """A result cannot be written."""


class UnfaithfulError(OutputError):
    """What was written does not read back the same; the file was not put in its place."""
