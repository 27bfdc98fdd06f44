"""The fork server, as a launcher starts it."""

import sys

from gradtape.kernel.fork_server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
