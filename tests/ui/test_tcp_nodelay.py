import socket
from pathlib import Path

from ui import tcp_nodelay


def test_messages_leave_at_once() -> None:
    """Also on connections that are open already, as the first visitor's is."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)  # as Streamlit makes it
            tcp_nodelay.without_delay.clear()
            tcp_nodelay.without_delay()
            for one in (listening, accepted):
                assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_no_file_stays_open_that_was_looked_at(tmp_path: Path) -> None:
    """Where a file is no socket, Python leaves the duplicate open: one for each file, for good."""
    with (tmp_path / "file").open("w"), socket.socket() as connection:
        before = sorted(tcp_nodelay.OPEN_FILES.iterdir())
        tcp_nodelay.without_delay.clear()
        tcp_nodelay.without_delay()
        assert sorted(tcp_nodelay.OPEN_FILES.iterdir()) == before
        assert connection.fileno() > 0
