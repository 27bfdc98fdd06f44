"""``python -m gradtape`` is the command ``gradtape``."""

import sys

from gradtape.cli import main

sys.exit(main())
