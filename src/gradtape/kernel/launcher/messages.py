"""The messages of launchers and fork servers: lines of JSON."""

import json
import os
import socket

# A fork server and a launcher of different versions do not understand each other.
VERSION = 2
# How long a fork server may be silent: in general; while it imports or a fork gets ready.
SECONDS_TO_ANSWER = 5.0
SECONDS_TO_GET_READY = 30.0
_BYTES_AT_ONCE = 2**16
_MOST_BYTES = 2**22
_MOST_DESCRIPTORS = 8


class NotAMessage(ValueError):
    """What was received is nothing that a launcher or a fork server says."""


def send(connection: socket.socket, message: dict, descriptors: tuple = ()) -> None:
    """Send a message, with file descriptors if need be."""
    data = json.dumps(message).encode("ascii") + b"\n"
    if descriptors:
        sent = socket.send_fds(connection, [data], descriptors)
        data = data[sent:]
    connection.sendall(data)


class Reader:
    """Takes messages from a connection.

    Attributes
    ----------
    descriptors : list of int
        The file descriptors that came with them.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""
        self.descriptors: list[int] = []

    def read(self) -> dict:
        """Return the next message; receive until it is complete.

        Raises
        ------
        EOFError
            If the other side has closed.
        NotAMessage
            If it is no line of JSON that holds a table, too long, nested too deeply, or
            comes with too many descriptors.
        OSError
            If nothing comes in time; what has come is kept for the next call.
        """
        while b"\n" not in self._received:
            if len(self._received) > _MOST_BYTES:
                raise NotAMessage("too long")
            data, descriptors, _, _ = socket.recv_fds(
                self._connection, _BYTES_AT_ONCE, _MOST_DESCRIPTORS
            )
            self.descriptors += descriptors
            if len(self.descriptors) > _MOST_DESCRIPTORS:
                raise NotAMessage("too many descriptors")
            if not data:
                raise EOFError
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NotAMessage(str(error)) from None
        if not isinstance(message, dict):
            raise NotAMessage("not a table")
        return message

    def close(self) -> None:
        """Close the connection and what came with it."""
        self._connection.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors.clear()
