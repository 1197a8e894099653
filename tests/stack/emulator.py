"""Runs the AWS emulator on a free loopback port, prints the port, and ends when standard input ends.

Standard input is held open by the test that started this, so however that test ends, this ends too.
"""

import asyncio
import os
import socket
import sys

# A hundred connections may be waiting before the server takes its first.
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen(100)
port = listener.getsockname()[1]
os.environ["GATEWAY_PORT"] = str(port)
os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ.setdefault("LOG_LEVEL", "ERROR")

# Reads the environment when it is imported.
from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app as ministack  # noqa: E402
from ministack.services import eventbridge, lambda_svc, sqs  # noqa: E402

# A template's numbers may be parameters, which CloudFormation keeps as text. AWS reads them as numbers again, the emulator
# forgets to in this one place.
limit_of = lambda_svc._sqs_esm_concurrency


def concurrency(esm: dict, *rest, **named) -> int:
    """How many batches of a queue may be worked on at once."""
    scaling = esm.get("ScalingConfig") or {}
    if isinstance(scaling.get("MaximumConcurrency"), str):
        scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
    return limit_of(esm, *rest, **named)


lambda_svc._sqs_esm_concurrency = concurrency


def show_delayed(name: str) -> bool:
    """A delay of up to a quarter of an hour is not waited for."""
    # Each key is account, region and address.
    found = [queue for key, queue in sqs._queues._data.items() if key[2].endswith("/" + name)]
    for message in (message for queue in found for message in queue["messages"]):
        # Hidden ones were received; they have a timeout of their own.
        if message["receive_count"] == 0:
            message["visible_at"] = message["sent_at"]
    return bool(found)


def bring_forward(name: str) -> bool:
    """The interval of a scheduled rule is not waited for."""
    found = [key for key, rule in eventbridge._rules._data.items() if rule.get("Name") == name]
    for key in found:
        eventbridge._rule_last_fired[key] = 0
    return bool(found)


ASKED = {"/_tests/show_delayed/": show_delayed, "/_tests/bring_forward/": bring_forward}


async def app(scope, receive, send) -> None:
    """The emulator, and what tests ask of it beyond AWS."""
    path = scope.get("path", "")
    asked = [(prefix, do) for prefix, do in ASKED.items() if scope["type"] == "http" and path.startswith(prefix)]
    if not asked:
        await ministack(scope, receive, send)
        return
    prefix, do = asked[0]
    status = 200 if do(path.removeprefix(prefix)) else 404
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def main() -> None:
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "ERROR"
    config.keep_alive_timeout = 75
    print(port, flush=True)
    loop = asyncio.get_running_loop()

    async def orphaned() -> None:
        await loop.run_in_executor(None, sys.stdin.read)
        # Not gracefully: there is nothing to save and nobody to answer.
        os._exit(0)

    await asyncio.gather(serve(app, config), orphaned())


asyncio.run(main())
