"""Runs moto, the second AWS emulator, on a free loopback port, prints the port, and ends when standard input ends.

Standard input is held open by the test that started this, so however that test ends, this ends too.
"""

import logging
import os
import sys
import threading

os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

logging.disable(logging.ERROR)

emulated = DomainDispatcherApplication(create_backend_app)
table = threading.Lock()


def one_at_a_time(environ, start_response):
    """DynamoDB makes each write as a whole; moto's tables were not made for threads."""
    if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
        with table:
            return emulated(environ, start_response)
    return emulated(environ, start_response)


class Quiet(WSGIRequestHandler):
    """Keeps connections open, as AWS does, and logs no requests."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


def until_orphaned() -> None:
    sys.stdin.read()
    # Not gracefully: there is nothing to save and nobody to answer.
    os._exit(0)


server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=Quiet)
server.daemon_threads = True
threading.Thread(target=until_orphaned, daemon=True).start()
print(server.port, flush=True)
server.serve_forever()
