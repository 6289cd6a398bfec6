"""Each thing that keeps the desk from starting is one sentence that says what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.serving.preflight import NotReady, check_folder, check_port, check_python, hold_folder
from tests.services.process import free_port

pytestmark = pytest.mark.once


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        yield port


def test_an_old_python_is_named_beside_the_oldest_that_will_do() -> None:
    with pytest.raises(NotReady, match=r"needs Python 3\.11 or newer; this is 3\.9\.2\."):
        check_python((3, 9, 2))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1)])
def test_a_new_python_will_do(version: tuple[int, ...]) -> None:
    check_python(version)


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "var")
    assert list((tmp_path / "new" / "var").iterdir()) == []


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReady, match=r"can't be written \(Not a directory\).*CHATDESK_VAR"):
        check_folder(tmp_path / "file" / "var")


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(NotReady, match="can't be written"):
        check_folder(tmp_path / "var")
    assert (tmp_path / "var").read_text() == "in the way"


def test_a_read_only_file_system_is_refused() -> None:
    with pytest.raises(NotReady, match="can't be written"):
        check_folder(Path("/proc/chatdesk"))


def test_a_free_port_will_do_and_stays_free() -> None:
    port = free_port()
    check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_port_in_use_is_refused(busy_port: int) -> None:
    with pytest.raises(NotReady, match=rf"Port {busy_port} of 127\.0\.0\.1 can't be used \(Address already in use\)"):
        check_port("127.0.0.1", busy_port)


def test_a_port_just_closed_will_do(busy_port: int) -> None:
    """As the server does, so that a quick restart is not held up by connections that linger."""
    with socket.create_connection(("127.0.0.1", busy_port)):
        pass
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as listener, socket.create_connection(("127.0.0.1", port)):
        served, _address = listener.accept()
        served.close()
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(NotReady, match="from 1 to 65535"):
        check_port("127.0.0.1", port)


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(NotReady, match=r"192\.0\.2\.1 can't be used"):
        check_port("192.0.2.1", free_port())


def test_one_desk_holds_a_folder(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(NotReady, match="Another desk is running"):
        hold_folder(tmp_path)
    hold_folder(tmp_path).close()
