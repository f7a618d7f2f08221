"""``python -m duiyi``."""

import sys

from duiyi.cli import main

sys.exit(main())
