"""The resident, as a launcher starts it."""

import sys

from gradtape.kernel.resident import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
