"""The duiyi application: command line, workspace, reports and review."""

import os

__version__ = "0.1.0"

# Our matrices are many and small, and documents already run in as many processes as there are cores: threads inside
# the linear algebra only wait for each other (building the dictionary's vectors takes three times the processor
# time with two). It has to be said before NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
