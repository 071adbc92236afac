#!/usr/bin/env python3
"""A TCP proxy for tests: puts TLS in front of a server, or a round trip's delay between client and server.

Usage: proxy.py LISTEN-PORT TARGET-PORT [--tls CERTIFICATE KEY] [--round-trip MILLISECONDS]

What passes is delayed by half a round trip each way, and so is the opening of a connection; bandwidth is not limited.
At its end it says how many connections and bytes passed.
"""

import argparse
import asyncio
import signal
import ssl
import sys

CHUNK = 256 * 1024  # bytes read at once
IN_FLIGHT = 256  # chunks on their way in one direction

passed = {"connections": 0, "sent": 0, "received": 0}


async def pump(reader, writer, delay, direction):
    """Copies one direction; every chunk arrives `delay` seconds after it was read."""
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue(IN_FLIGHT)

    async def deliver():
        while (item := await queue.get()) is not None:
            at, chunk = item
            if (wait := at - loop.time()) > 0:
                await asyncio.sleep(wait)
            writer.write(chunk)
            await writer.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while chunk := await reader.read(CHUNK):
            passed[direction] += len(chunk)
            await queue.put((loop.time() + delay, chunk))
        await queue.put(None)
        await delivering
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        delivering.cancel()
        writer.close()


async def serve(arguments):
    tls = None
    if arguments.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*arguments.tls)
    delay = arguments.round_trip / 2000

    async def connection(reader, writer):
        try:
            await relay(reader, writer)
        except asyncio.CancelledError:
            writer.close()

    async def relay(reader, writer):
        passed["connections"] += 1
        # The three-way handshake costs a round trip, of which the kernel here has paid nothing.
        await asyncio.sleep(2 * delay)
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", arguments.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            pump(reader, there_writer, delay, "sent"), pump(there_reader, writer, delay, "received")
        )
        for end in (writer, there_writer):
            end.close()

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with await asyncio.start_server(connection, "127.0.0.1", arguments.listen, ssl=tls, limit=4 * CHUNK):
        print("ready", flush=True)
        await stop.wait()
    print(*(f"{count} {what}" for what, count in passed.items()), sep=", ", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("listen", type=int)
    parser.add_argument("target", type=int)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--round-trip", type=float, default=0)
    asyncio.run(serve(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
