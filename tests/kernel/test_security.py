"""Nobody else gets at a fork server, and nobody stops it for the others."""

import json
import os
import resource
import socket
import stat
import subprocess
import sys

import pytest
from tests.kernel.conftest import LAUNCHER, VERSION, launch, server_of, wait_until

from gradtape.kernel import clients, control
from gradtape.kernel.launcher import messages, paths

OTHER_USER = 65534


def test_a_folder_that_is_open_to_others_is_not_used(own_runtime):
    own_runtime.chmod(0o755)
    _, out, err, _ = launch(*VERSION)
    assert out and "is not a folder of this user's alone" in err
    own_runtime.chmod(0o700)


def test_a_folder_of_somebody_else_is_not_used(own_runtime, tmp_path):
    own_runtime.rmdir()
    (tmp_path / "trap").mkdir(mode=0o700)
    own_runtime.symlink_to(tmp_path / "trap")
    _, out, err, _ = launch(*VERSION)
    assert out and "is not a folder of this user's alone" in err
    assert not list((tmp_path / "trap").iterdir())
    own_runtime.unlink()
    own_runtime.mkdir(mode=0o700)


def test_its_files_are_the_user_s_alone(quick, own_runtime, start):
    start()
    for path in (own_runtime, *own_runtime.iterdir()):
        mode = path.stat().st_mode
        if not stat.S_ISSOCK(mode):  # which the folder guards
            assert not mode & 0o077, path
        assert path.stat().st_uid == os.getuid()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_is_not_served():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert clients.peer_user(ours) == os.getuid()
    with socket.socket(socket.AF_UNIX) as listener:
        path = f"/tmp/gradtape-test-{os.getpid()}.socket"
        listener.bind(path)
        try:
            os.chmod(path, 0o777)
            listener.listen()
            other = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", OTHER, path], stdin=subprocess.PIPE
            )
            connection, _ = listener.accept()
            assert clients.peer_user(connection) == OTHER_USER
            connection.close()
            other.communicate(timeout=10)
        finally:
            os.unlink(path)


OTHER = """
import os, socket, sys
os.setgid(65534)
os.setuid(65534)
socket.socket(socket.AF_UNIX).connect(sys.argv[1])
sys.stdin.read()
"""


def test_a_name_that_others_have_taken_in_the_shared_folder_blocks_nothing(tmp_path):
    """Whatever is there beforehand, the user's folder is another and stays the same."""
    shared = tmp_path / "tmp"
    shared.mkdir()
    prefix = f"gradtape-{os.getuid()}"
    (shared / prefix).mkdir()
    for name in (f"{prefix}-", f"{prefix}-0", f"{prefix}-{0:020}-x"):
        (shared / name).mkdir()
        (shared / name).chmod(0o777)
    (shared / f"{prefix}-1").write_text("")
    (tmp_path / "trap").mkdir(mode=0o700)
    (shared / f"{prefix}-2").symlink_to(tmp_path / "trap")
    if os.getuid() == 0:
        (shared / f"{prefix}-3").mkdir(mode=0o700)
        os.chown(shared / f"{prefix}-3", OTHER_USER, OTHER_USER)
    before = set(shared.iterdir())
    folder = paths._in_shared(str(shared))
    assert paths._in_shared(str(shared)) == folder
    (made,) = set(shared.iterdir()) - before
    assert str(made) == folder
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_launchers_that_make_a_folder_at_once_agree_on_one(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {LAUNCHER[-1]!r}); import paths\n"
        "sys.stdin.readline(); print(paths._in_shared(sys.argv[1]))"
    )
    command = [*LAUNCHER[:3], "-c", code, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    launchers = [subprocess.Popen(command, **pipes) for _ in range(8)]
    for each in launchers:
        each.stdin.write("\n")
        each.stdin.flush()
    told = {each.communicate(timeout=30)[0] for each in launchers}
    assert told == {f"{folder}\n" for folder in tmp_path.iterdir()}
    assert len(told) == 1


SEARCH = """
import os, re
secret = re.compile(rb"my-secre[t]")  # which is not itself what it matches
found = []
for process in ("self", os.getppid()):
    with open(f"/proc/{process}/environ", "rb") as file:
        found += secret.findall(file.read())
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        begin, end = (int(each, 16) for each in line.split()[0].split("-"))
        if line.split()[1].startswith("rw"):
            try:
                memory.seek(begin)
                found += secret.findall(memory.read(end - begin))
            except OSError:
                pass
print(found)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_kernel_does_not_see_the_environment_of_the_others(quick, start):
    """Neither of the one for which the fork server was started, nor of a later one."""
    secret = "my-secret"
    first = start(env=os.environ | {"TOKEN": secret})
    second = start(env=os.environ | {"TOKEN": secret + "2"})
    assert first.run("import os; print(os.environ['TOKEN'])") == f"{secret}\n"
    third = start()
    assert server_of(third) == server_of(first) == server_of(second)
    assert third.run(SEARCH) == "[]\n"
    assert "my-secret" in first.run(SEARCH)  # it is found where it is


def identity_of(path):
    """Return the identity of the fork server with a socket."""
    return path.with_suffix(".lock").read_text()[len(paths.READY) :]


def ask(path, data, descriptors=()):
    """Send bytes to a fork server; return what it answers."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        try:
            if descriptors:
                socket.send_fds(connection, [data], descriptors)
            else:
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while more := connection.recv(4096):
                answer += more
        except ConnectionError:
            return b""
    return answer.removeprefix(b'{"wait": 5.0}\n')


def test_nothing_but_a_launcher_s_request_is_accepted(quick, own_runtime, start):
    kernel = start()
    (path,) = own_runtime.glob("*.socket")
    request = {"version": messages.VERSION, "identity": identity_of(path)}
    line = json.dumps(request).encode() + b"\n"
    assert b"without its files" in ask(path, line)
    assert b"without its files" in ask(path, line, (0, 1))
    for change in ({"version": 99}, {"version": None}, {"more": 1}):
        assert b"does not understand" in ask(
            path, json.dumps(request | change).encode() + b"\n"
        )
    other = json.dumps(request | {"identity": "another"}).encode() + b"\n"
    assert b"of another kind" in ask(path, other, (0, 1, 2, 0, 0))
    assert ask(path, b"GET / HTTP/1.1\r\n\r\n") == b""
    assert ask(path, b"[1, 2]\n") == b""
    assert ask(path, b"\xff" * 2**22 + b"x" * 2**16) == b""
    assert ask(path, b"") == b""
    (status,) = control.fork_servers()
    assert status.served == 1
    assert server_of(start()) == server_of(kernel)


NO_REQUESTS = {
    "brackets": b"[" * 200_000 + b"\n",
    "tables": b'{"version":' * 200_000 + b"1" + b"}" * 200_000 + b"\n",
    "digits": b'{"version": ' + b"9" * 100_000 + b"}\n",
    "not numbers": b'{"version": NaN, "identity": Infinity}\n',
    "half of a character": b'{"version": 2, "identity": "\\ud800"}\n',
    "a zero": b'{"\x00": 1}\n',
    "empty lines": b"\n" * 1000,
}


def test_whatever_is_sent_the_next_kernel_is_a_fork_of_the_same(
    quick, own_runtime, start
):
    first = server_of(start())
    (path,) = own_runtime.glob("*.socket")
    for data in NO_REQUESTS.values():
        ask(path, data)
        ask(path, data, (0, 1, 2, 0, 0))
        (status,) = control.fork_servers()
        assert status.process == first.pid
    assert server_of(start()) == first
    assert not list(own_runtime.glob("*.failure"))


def test_descriptors_that_nobody_asked_for_are_closed(quick, own_runtime, start):
    server = server_of(start())
    (path,) = own_runtime.glob("*.socket")
    before = server.num_fds()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        for _ in range(20):
            try:
                socket.send_fds(connection, [b" "], (0, 1, 2, 0))
            except ConnectionError:
                break
        assert wait_until(lambda: server.num_fds() <= before)


NO_SETTINGS = (
    {"umask": 10**30},
    {"limits": [[999, 1, 1]]},
    {"environment": {"A=B": "1"}},
    {"environment": {"A": "\0"}},
    {"ignored": [10**9]},
    {"arguments": "rm"},
    {"more": 1},
)


def test_settings_that_cannot_be_taken_over_are_refused(quick, own_runtime, start):
    server = server_of(start())
    (path,) = own_runtime.glob("*.socket")
    for change in NO_SETTINGS:
        assert "refused" in answer_to_settings(path, change), change
    assert server_of(start()) == server


def answer_to_settings(path, change):
    """Return what a fork answers to settings that are harmless but for a change."""
    settings = {key: [] for key in ("arguments", "limits", "ignored", "blocked")}
    settings |= {"environment": {}, "umask": 0} | change
    request = {"version": messages.VERSION, "identity": identity_of(path)}
    life, end = os.pipe()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        reader = messages.Reader(connection)
        messages.send(connection, request, (0, 1, 2, life, life))
        while "send" not in reader.read():
            pass
        messages.send(connection, settings)
        answer = reader.read()
    os.close(life)
    os.close(end)
    return answer


def test_who_connects_and_says_nothing_holds_nobody_up(quick, own_runtime, start):
    first = start()
    (path,) = own_runtime.glob("*.socket")
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as slow:
        silent.connect(str(path))
        slow.connect(str(path))
        slow.sendall(b'{"version"')
        assert server_of(start()) == server_of(first)


@pytest.fixture
def many_files():
    """Allow this process some thousand open files."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limits[1] != resource.RLIM_INFINITY and limits[1] < 4096:
        pytest.skip("a process may not have so many open files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def connect(path, number):
    connections = []
    while len(connections) < number:
        connections.append(socket.socket(socket.AF_UNIX))
        connections[-1].settimeout(20)
        try:
            connections[-1].connect(str(path))
        except BlockingIOError:  # the queue is full, and is being emptied
            connections.pop().close()
    return connections


@pytest.mark.parametrize("most", [1024, 64])
def test_thousands_of_silent_connections_do_not_block_it(
    most, quick, many_files, own_runtime, start
):
    """Also where the server may not have as many open files."""
    quick(
        f"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, ({most}, {most}))"
    )
    first = start()
    (path,) = own_runtime.glob("*.socket")
    connections = connect(path, 3000)
    try:
        assert server_of(start()) == server_of(first)
    finally:
        for connection in connections:
            connection.close()
