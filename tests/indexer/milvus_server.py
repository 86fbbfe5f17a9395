"""A real Milvus for tests: the standalone server of the package `milvus`, on 127.0.0.1 only.

The server listens on every address, whatever its configuration says, and its embedded etcd takes a
fixed port. So it runs in a network of its own where the system allows that, and what comes to
`socket` here is carried over to it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_READY = "ready"


class MilvusServer:
    """A server over the files of `folder`, at `uri`; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and return when questions are taken."""
        number = self._listener.fileno()
        command = [sys.executable, __file__, str(self._folder), str(number)]
        apart = ["unshare", "--net", "--map-root-user"]
        with contextlib.suppress(OSError):
            if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode == 0:
                command = [*apart, *command]
        log = (self._folder.parent / "milvus.log").open("a")
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            pass_fds=[number],
            start_new_session=True,
        )
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == _READY, "Milvus did not start"

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout
            self._process.stdout.close()
            self._process = None

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self._listener.close()


@contextlib.contextmanager
def milvus_server(folder: Path) -> Iterator[MilvusServer]:
    """Run a server over the files of `folder` while the block runs."""
    server = MilvusServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.close()


def _serve(folder: str, listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        _raise_loopback()
    import milvus

    server = milvus.MilvusServer(milvus.MilvusServerConfig(), data_dir=folder)
    server.start()
    print(_READY, flush=True)
    while True:
        here, _ = listener.accept()
        there = socket.create_connection(("127.0.0.1", server.listen_port))
        for source, target in ((here, there), (there, here)):
            threading.Thread(target=_carry, args=(source, target), daemon=True).start()


def _raise_loopback() -> None:
    """Make 127.0.0.1 work in a new network, where it is down."""
    import fcntl
    import struct

    set_flags, up_and_running = 0x8914, 0x41
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", up_and_running))


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
