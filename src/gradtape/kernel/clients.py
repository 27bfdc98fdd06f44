"""Who is connected to a fork server: launchers, and who asks how it is."""

from __future__ import annotations

import os
import selectors
import socket
import struct
import time
import traceback
from dataclasses import dataclass, field

from gradtape.kernel.launcher import messages

_SECONDS_FOR_A_REQUEST = 10.0
_MOST_WAITED_FOR = 1000
_DESCRIPTORS_A_CLIENT = 8  # its connection, and the files that come with a request


@dataclass
class Client:
    """A process at the other end of a connection."""

    connection: socket.socket
    reader: messages.Reader
    since: float = field(default_factory=time.monotonic)

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


class NewClients:
    """Those that have connected and have sent no whole message yet.

    However many there are and whatever they send, the next one is listened to: who has
    waited longest is disconnected when there are too many, and all after a while.

    Parameters
    ----------
    listener : socket.socket
        Where they connect.
    selector : selectors.BaseSelector
        What is to tell when one of them connects or sends something.
    """

    def __init__(
        self, listener: socket.socket, selector: selectors.BaseSelector
    ) -> None:
        self._listener, self._selector = listener, selector
        self._clients: dict[int, Client] = {}
        self._most = min(_MOST_WAITED_FOR, _raised_limit() // _DESCRIPTORS_A_CLIENT)
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._clients)

    @property
    def seconds(self) -> float:
        """How long they may take."""
        return _SECONDS_FOR_A_REQUEST

    def accept(self) -> list[Client]:
        """Take those that have connected; return them."""
        accepted = []
        while len(accepted) < self._most:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody is left, or no descriptor is
                break
            client = Client(connection, messages.Reader(connection))
            if not client.is_of_this_user():
                connection.close()
                continue
            connection.setblocking(False)
            if len(self._clients) == self._most:
                self._disconnect(next(iter(self._clients.values())))
            self._clients[connection.fileno()] = client
            self._selector.register(connection, selectors.EVENT_READ)
            accepted.append(client)
        return accepted

    def read(self, descriptor: int) -> tuple[Client, dict] | None:
        """Return who has sent a message there, and the message, if it is whole by now.

        Whoever has sent something else is disconnected.
        """
        if not (client := self._clients.get(descriptor)):
            return None
        try:
            message = client.reader.read()
        except BlockingIOError:
            return None
        except (OSError, EOFError, messages.NotAMessage):
            self._disconnect(client)
            return None
        except Exception:  # noqa: BLE001 - one client does not end the server of all
            traceback.print_exc()
            self._disconnect(client)
            return None
        self._forget(client)
        return client, message

    def disconnect_late(self) -> None:
        """Disconnect those that have not sent a whole message in time."""
        for client in list(self._clients.values()):
            if time.monotonic() - client.since > _SECONDS_FOR_A_REQUEST:
                self._disconnect(client)

    def close(self) -> None:
        """Take no more, and disconnect all."""
        self._selector.unregister(self._listener)
        self._listener.close()
        for client in list(self._clients.values()):
            self._disconnect(client)

    def close_copies(self) -> None:
        """Close, in a fork, what belongs to the process that it was forked from."""
        self._listener.close()
        for client in self._clients.values():
            client.reader.close()

    def _forget(self, client: Client) -> None:
        self._selector.unregister(client.connection)
        del self._clients[client.connection.fileno()]

    def _disconnect(self, client: Client) -> None:
        self._forget(client)
        client.reader.close()


def _raised_limit() -> int:
    """Allow this process as many open files as it may have; return how many these are.

    A fork has the limit of its launcher.
    """
    import resource  # which Windows lacks, where this module is read but not used

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = _MOST_WAITED_FOR * _DESCRIPTORS_A_CLIENT
    if soft != unlimited and soft < wanted:
        soft = wanted if hard == unlimited else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == unlimited else soft
