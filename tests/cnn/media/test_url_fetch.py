"""Pictures by address: the public web only, in time, whole, and not too large."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from threading import Event

import pytest

from cnn.errors import BadInput
from cnn.media import url_fetch
from cnn.media.public_ip import IP, is_public
from cnn.media.url_fetch import FetchRules, fetch_url
from tests.support.hosts import Answer, Host, dripping, endless, head, paths, redirect, refused, silent
from tests.support.mutate import mutated

PICTURE = b"\x89PNG, or so it says"
HERE = "127.0.0.1"
PLENTY = 60.0  # s; for a test that does not wait, so that a slow machine changes nothing


def anyone(ip: IP) -> bool:
    return True


def local(ip: IP) -> bool:
    """Permit 127.0.0.1 alone: the same way as in earnest, but to this machine."""
    return str(ip) == HERE


def names(table: dict[str, Sequence[str]]):
    """Resolve by `table` alone."""
    return lambda host, port: tuple(table[host])


NEAR = FetchRules(permitted=local, seconds=PLENTY, most_bytes=100_000)
SOON = FetchRules(permitted=local, seconds=0.3, most_bytes=100_000)


def test_a_picture_comes_with_its_name() -> None:
    with Host(lambda visit: visit.say("200 OK", PICTURE)) as host:
        assert fetch_url(f"  {host.url('/cats/my%20cat.png?size=2#top')} ", NEAR) == (PICTURE, "my cat.png")
        assert host.visits[0].path == "/cats/my%20cat.png?size=2"
        assert host.visits[0].header("Host") == f"{HERE}:{host.port}"


def test_letters_of_any_language_are_quoted_once() -> None:
    with Host(lambda visit: visit.say("200 OK", PICTURE)) as host:
        assert fetch_url(host.url("/größe/猫 1.png"), NEAR) == (PICTURE, "猫 1.png")
        assert host.visits[0].path == "/gr%C3%B6%C3%9Fe/%E7%8C%AB%201.png"


@pytest.mark.parametrize(
    ("path", "name"), [("/", HERE), ("/a/", HERE), ("/%0a%00.png", ".png"), ("/" + "a" * 500, "a" * 80)]
)
def test_names_are_short_and_printable(path: str, name: str) -> None:
    with Host(lambda visit: visit.say("200 OK", PICTURE)) as host:
        assert fetch_url(host.url(path), NEAR)[1] == name


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_redirects_are_followed(status: str) -> None:
    answers = {"/a": redirect("/b/c.png", status), "/b/c.png": lambda visit: visit.say("200 OK", PICTURE)}
    with Host(paths(answers)) as host:
        assert fetch_url(host.url("/a"), NEAR) == (PICTURE, "c.png")


def test_chunks_are_put_together() -> None:
    chunks = head("200 OK", {"Transfer-Encoding": "chunked"}) + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with Host(lambda visit: visit.raw(chunks)) as host:
        assert fetch_url(host.url("/x.gif"), NEAR) == (b"abcde", "x.gif")


NOT_THE_WEB = [
    "",
    "cat.png",
    "//example.org/cat.png",
    "ftp://example.org/cat.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "gopher://example.org/",
    "http://",
    "http:///cat.png",
    "http://[::1/",
    "http://example.org:99999/",
    "http://example.org:0/",
    "http://example.org:x/",
    "https://example.org/" + "a" * 3000,
]
DISGUISED = [
    "http://me@example.org/",
    "http://me:secret@example.org/",
    "http://example.org\\@127.0.0.1/",
    "http://example.org%2f@127.0.0.1/",
    "http://127.0.0.1%00.example.org/",
    "http://[fe80::1%25eth0]/",
    "http://!(cats).example/",
    "http://exa mple.org/",
]


@pytest.mark.parametrize("address", NOT_THE_WEB)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="no address"):
        fetch_url(address, FetchRules(resolve=names({})))


@pytest.mark.parametrize("address", DISGUISED)
def test_disguises_are_refused_before_anything_is_resolved(address: str) -> None:
    with pytest.raises(BadInput, match="is not fetched"):
        fetch_url(address, FetchRules(permitted=anyone, resolve=names({})))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]"]
)
def test_this_machine_is_refused_in_every_spelling(host: str) -> None:
    with Host(lambda visit: visit.say("200 OK", PICTURE)) as server:
        with pytest.raises(BadInput, match=r"not on the public web|not found"):
            fetch_url(server.url("/", host))
        assert server.visits == []


PRIVATE = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::c0a8:101", "64:ff9b:1::1", "2001:0:4136:e378::1", "5f00::1"),
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1"]
PUBLIC += [
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_no_address_of_a_network_of_ones_own_is_public(ip: str) -> None:
    assert not is_public(ip_address(ip))
    with pytest.raises(BadInput, match="not on the public web"):
        fetch_url("http://cats.example/", FetchRules(resolve=names({"cats.example": [ip]})))


@pytest.mark.parametrize("ip", PUBLIC)
def test_the_rest_is_public(ip: str) -> None:
    assert is_public(ip_address(ip))


@pytest.mark.parametrize("found", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"]])
def test_one_private_address_among_several_is_enough(found: list[str]) -> None:
    with pytest.raises(BadInput, match=r"cats\.example is not on the public web"):
        fetch_url("https://cats.example/", FetchRules(resolve=names({"cats.example": found})))


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/x.png", "//192.168.0.1/", "http://[::1]/", "https://metadata.example/"]
)
def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    table = {
        "10.0.0.1": ["10.0.0.1"],
        "192.168.0.1": ["192.168.0.1"],
        "::1": ["::1"],
        "metadata.example": ["169.254.169.254"],
    }
    with Host(redirect(target)) as host:
        rules = FetchRules(permitted=local, resolve=names(table | {"cats.example": [HERE]}), seconds=PLENTY)
        with pytest.raises(BadInput, match="not on the public web"):
            fetch_url(host.url("/", "cats.example"), rules)
        assert len(host.visits) == 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://cats.example/", "http://me@cats.example/", "http://[/"]
)
def test_a_redirect_out_of_the_web_is_refused(target: str) -> None:
    with Host(redirect(target)) as host, pytest.raises(BadInput, match=r"no address|not fetched"):
        fetch_url(host.url(), NEAR)


def test_a_name_is_resolved_once_and_what_was_checked_is_dialled() -> None:
    asked = []

    def changing(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [HERE] if len(asked) == 1 else ["10.0.0.1"]

    with Host(lambda visit: visit.say("200 OK", PICTURE)) as host:
        rules = FetchRules(permitted=local, resolve=changing, seconds=PLENTY)
        assert fetch_url(host.url("/", "cats.example"), rules)[0] == PICTURE
        assert host.visits[0].header("Host") == f"cats.example:{host.port}"
    assert asked == ["cats.example"]


def test_a_second_address_is_tried_where_the_first_does_not_answer() -> None:
    with Host(lambda visit: visit.say("200 OK", PICTURE)) as host:
        rules = FetchRules(permitted=anyone, resolve=names({"cats.example": ["127.0.0.2", HERE]}), seconds=PLENTY)
        assert fetch_url(host.url("/", "cats.example"), rules)[0] == PICTURE


def test_a_secure_server_is_asked_for_by_its_name_and_must_prove_it() -> None:
    with Host(lambda visit: visit.raw(b"no TLS here")) as host:
        rules = FetchRules(permitted=local, resolve=names({"cats.example": [HERE]}), seconds=PLENTY)
        with pytest.raises(BadInput, match="could not prove who it is"):
            fetch_url(host.url("/", "cats.example", "https"), rules)
        assert b"cats.example" in host.visits[0].request  # the server name of the TLS hello


def test_a_loop_of_redirects_ends() -> None:
    with Host(redirect("/again")) as host, pytest.raises(BadInput, match="more than 5 times"):
        fetch_url(host.url(), NEAR)
    assert len(host.visits) == url_fetch.MOST_REDIRECTS + 1


def test_an_answers_own_words_are_not_repeated() -> None:
    with (
        Host(lambda visit: visit.say("500 ![](x)")) as host,
        pytest.raises(BadInput, match="500 Internal Server Error"),
    ):
        fetch_url(host.url(), NEAR)


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "204 No Content", "206 Partial Content", "302 Found"]
)
def test_other_answers_are_told(status: str) -> None:
    with Host(lambda visit: visit.say(status)) as host, pytest.raises(BadInput, match=f"answered {status}"):
        fetch_url(host.url(), NEAR)


SLOW: list[Answer] = [
    silent,
    dripping(b""),
    dripping(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    dripping(head("200 OK", {"Content-Length": "90000"})),
    dripping(head("200 OK", {})),
]


@pytest.mark.parametrize("answer", SLOW, ids=["silent", "status", "header", "body", "body without end"])
def test_whoever_dawdles_is_cut_off(answer: Answer) -> None:
    # The socket's own patience is as long as that of all: on a busy machine it may be the one that speaks.
    with Host(answer) as host, pytest.raises(BadInput, match=r"did not arrive within 0\.3 s|did not answer in time"):
        fetch_url(host.url(), SOON)


def test_a_name_that_never_resolves_is_cut_off() -> None:
    enough = Event()

    def stuck(host: str, port: int) -> Sequence[str]:
        enough.wait()
        return ()

    with pytest.raises(BadInput, match="did not arrive"):
        fetch_url("http://cats.example/", FetchRules(permitted=local, resolve=stuck, seconds=0.1))
    enough.set()


TOO_MUCH: list[Answer] = [
    endless(head("200 OK", {})),
    endless(head("200 OK", {"Content-Length": "999999999"})),
    endless(head("200 OK", {"Transfer-Encoding": "chunked"}) + b"ffffffff\r\n"),
    endless(head("200 OK", {"Transfer-Encoding": "chunked"}) + b"-1\r\n"),
]


@pytest.mark.parametrize("answer", TOO_MUCH, ids=["endless", "announced", "one chunk", "chunk of -1"])
def test_what_is_too_large_is_not_read_to_its_end(answer: Answer) -> None:
    with Host(answer) as host, pytest.raises(BadInput, match=r"over 0\.09\d* MB"):
        fetch_url(host.url(), NEAR)


def test_the_most_that_is_allowed_is_read() -> None:
    with Host(lambda visit: visit.say("200 OK", b"x" * NEAR.most_bytes)) as host:
        assert len(fetch_url(host.url(), NEAR)[0]) == NEAR.most_bytes


@pytest.mark.parametrize("headers", [{"Content-Length": "900"}, {"Content-Length": "900", "Content-Type": "image/png"}])
def test_less_than_announced_is_no_picture(headers: dict[str, str]) -> None:
    answer = head("200 OK", headers) + PICTURE
    with Host(lambda visit: visit.raw(answer)) as host, pytest.raises(BadInput, match="of 900 bytes"):
        fetch_url(host.url(), NEAR)


BROKEN = [
    b"",
    b"\x00\x01\x02\x03",
    b"SSH-2.0-OpenSSH_9\r\n",
    b"HTTP/9.9 abc\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 500,
    head("200 OK", {"Transfer-Encoding": "chunked"}) + b"zz\r\nabc",
    head("200 OK", {"Transfer-Encoding": "chunked"}) + b"-5\r\nabc",
    head("200 OK", {"Transfer-Encoding": "chunked"}) + b"-fffffffffffffffff\r\nabc",
    head("200 OK", {"Transfer-Encoding": "chunked"}) + b"9\r\nabc",
]


@pytest.mark.parametrize("answer", BROKEN)
def test_an_answer_that_is_none_is_told(answer: bytes) -> None:
    told = pytest.raises(BadInput, match=r"sent an answer that cannot be read|could not be reached")
    with Host(lambda visit: visit.raw(answer)) as host, told:
        fetch_url(host.url(), NEAR)


WHOLE = [
    head("200 OK", {"Content-Length": "3"}) + b"abc",
    head("200 OK", {"Transfer-Encoding": "chunked"}) + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX: y\r\n\r\n",
]


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_a_damaged_answer_is_read_or_told(start: int) -> None:
    answers = iter([mutated(WHOLE, seed) for seed in range(start, start + 50)])
    with Host(lambda visit: visit.raw(next(answers))) as host:
        for _ in range(50):
            with suppress(BadInput):
                assert isinstance(fetch_url(host.url(), NEAR)[0], bytes)


@pytest.mark.parametrize("length", ["-5", "many", "1e3"])
def test_a_length_that_is_none_does_not_matter(length: str) -> None:
    with Host(lambda visit: visit.raw(head("200 OK", {"Content-Length": length}) + PICTURE)) as host:
        assert fetch_url(host.url(), NEAR)[0] == PICTURE


def test_nobody_there() -> None:
    with refused() as port, pytest.raises(BadInput, match="could not be reached"):
        fetch_url(f"http://{HERE}:{port}/", NEAR)


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 70 + ".example", "a..b", "xn--a"])
def test_a_name_that_nobody_has(host: str) -> None:
    with pytest.raises(BadInput, match=r"was not found|is not fetched"):
        fetch_url(f"http://{host}/", FetchRules(seconds=PLENTY))


@pytest.mark.parametrize(
    ("listens_on", "switch", "on"),
    [
        ("localhost", None, True),
        ("127.0.0.1", None, True),
        ("127.0.0.9", None, True),
        ("::1", None, True),
        ("0.0.0.0", None, False),
        ("::", None, False),
        ("192.168.0.4", None, False),
        ("example.org", None, False),
        ("localhost.example.org", None, False),
        ("", None, False),
        (None, None, False),
        (None, "1", True),
        ("0.0.0.0", "1", True),
        ("localhost", "0", False),
        (None, "yes", False),
        ("localhost", "", True),
    ],
)
def test_it_is_off_where_others_reach_the_server(
    listens_on: str | None, switch: str | None, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(url_fetch.FETCH_VARIABLE, raising=False)
    if switch is not None:
        monkeypatch.setenv(url_fetch.FETCH_VARIABLE, switch)
    assert url_fetch.is_fetching_allowed(listens_on) is on
