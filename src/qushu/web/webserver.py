"""The web server's own process: granian, whose workers begin as fresh interpreters instead of copies of it.

A copy takes over its parent's answer to SIGTERM, which only tells the parent; until the application is loaded and the
worker answers by its own, it can't be stopped but by force. A fresh interpreter that is told to end while it loads ends.
"""

import multiprocessing

from granian.cli import entrypoint

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    entrypoint()
