"""``python -m kehoach`` is the command ``kehoach``."""

import sys

from kehoach.cli import main

sys.exit(main())
