"""Who talks to a resident."""

from __future__ import annotations

import os
import socket
import struct
import time
from dataclasses import dataclass, field

from gradtape.kernel.launcher import messages


@dataclass
class Caller:
    """A process at the other end of a connection."""

    connection: socket.socket
    reader: messages.Reader
    since: float = field(default_factory=time.monotonic)
    request: dict | None = None

    def is_of_this_user(self) -> bool:
        """Tell whether it is a process of the user that runs this."""
        return peer_user(self.connection) == os.getuid()

    def has_left(self) -> bool:
        """Tell whether it has closed its end."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True


def peer_user(connection: socket.socket) -> int:
    """Return the user of the process at the other end of a connection."""
    if hasattr(socket, "SO_PEERCRED"):
        size = struct.calcsize("3i")
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        return struct.unpack("3i", told)[1]
    local, peer_credentials = 0, 1  # of macOS: struct xucred, version then user
    told = connection.getsockopt(local, peer_credentials, 76)
    return struct.unpack_from("=Ii", told)[1]
