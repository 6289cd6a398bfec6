"""Time stamps by a third party, and asking servers that an admin named (X-12)."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from transcripts import outgoing
from transcripts.actions import heads, logbook, posting
from transcripts.actions.stamping import stamp
from transcripts.models import HeadPost, LogSettings
from transcripts.outgoing import Refused
from transcripts.verify.report import Broken, Report
from transcripts.verify.trust import note_stamp

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {0}/serial
signer_cert = {0}/tsa.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
"""


class Service:
    """A time stamp service of our own: openssl behind a small server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.answer: tuple[int, bytes] | None = None
        (folder / "tsa.cnf").write_text(CONFIG.format(folder))
        (folder / "serial").write_text("01\n")
        self._make("ca", "/CN=Root", "ca")
        self._make("tsa", "/CN=TSA", "ext")

    def _make(self, name: str, subject: str, extensions: str) -> None:
        signer = [] if name == "ca" else ["-CA", f"{self.folder}/ca.pem", "-CAkey", f"{self.folder}/ca.key"]
        self.openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9"),
            *("-keyout", f"{self.folder}/{name}.key", "-out", f"{self.folder}/{name}.pem", "-subj", subject),
            *("-config", f"{self.folder}/tsa.cnf", "-extensions", extensions, *signer),
        )

    def openssl(self, *arguments: str) -> None:
        subprocess.run([shutil.which("openssl") or "openssl", *arguments], check=True, capture_output=True)

    def reply(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.answer:
            return self.answer
        (self.folder / "q.tsq").write_bytes(query)
        files = ("-queryfile", f"{self.folder}/q.tsq", "-out", f"{self.folder}/r.tsr")
        self.openssl("ts", "-reply", "-config", f"{self.folder}/tsa.cnf", *files)
        return 200, (self.folder / "r.tsr").read_bytes()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    service = Service(tmp_path_factory.mktemp("tsa"))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = service.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield service, f"http://tsa.example:{server.server_port}/stamp?a=1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def reached(served: tuple[Service, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, str]]:
    """The service stands on this machine, which the product would refuse."""
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(outgoing, "is_public", lambda address: True)
    served[0].answer = None
    yield served
    served[0].answer = None


def test_a_time_stamp_is_taken_and_checked_by_openssl(reached: tuple[Service, str], tmp_path: Path) -> None:
    service, url = reached
    root = (service.folder / "ca.pem").read_text()
    (tmp_path / "head.json").write_bytes(b"a head")
    (tmp_path / "head.tsr").write_bytes(stamp(b"a head", url, root))
    asked = ("ts", "-verify", "-in", f"{tmp_path}/head.tsr", "-CAfile", f"{service.folder}/ca.pem", "-data")
    service.openssl(*asked, f"{tmp_path}/head.json")
    (tmp_path / "head.json").write_bytes(b"a head!")
    with pytest.raises(subprocess.CalledProcessError):
        service.openssl(*asked, f"{tmp_path}/head.json")


def test_a_time_stamp_of_somebody_else_is_refused(reached: tuple[Service, str], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not signed by the certificate"):
        stamp(b"a head", reached[1], (Service(tmp_path).folder / "ca.pem").read_text())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"no time stamp"), "its answer is no time stamp"),
        ((500, b""), "answered 500"),
        ((302, b""), "answered 302"),  # where a redirect leads is never asked
        ((200, b"x" * 70_000), "bytes"),
    ],
)
def test_other_answers_are_refused(reached: tuple[Service, str], answer: tuple[int, bytes], said: str) -> None:
    reached[0].answer = answer
    with pytest.raises(Refused, match=said):
        stamp(b"a head", reached[1], "")


def test_an_old_answer_is_refused(reached: tuple[Service, str]) -> None:
    service, url = reached
    service.answer = (200, stamp(b"a head", url, ""))
    with pytest.raises(Refused, match="granted no time stamp for this"):
        stamp(b"a head", url, "")


@pytest.mark.django_db
def test_a_head_gets_its_time_stamp(reached: tuple[Service, str]) -> None:
    service, url = reached
    LogSettings.objects.create(pk=1, stamp_url=url, stamp_certificate=(service.folder / "ca.pem").read_text())
    logbook.append("hold.created", {"hold": 1})
    row = heads.sign()
    assert posting.post_due() == 2
    seal = heads.seal()
    assert seal.head.to_bytes() == row.data.encode()
    note_stamp(seal.stamp, seal.head.to_bytes(), report := Report())
    assert report.notes
    with pytest.raises(Broken, match="over another head"):
        note_stamp(seal.stamp, b"another", report)
    for name in default_storage.listdir("heads")[1]:
        default_storage.delete(f"heads/{name}")


@pytest.mark.django_db
def test_a_service_that_is_not_there_is_noted_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: [])
    LogSettings.objects.create(pk=1, stamp_url="https://tsa.example/")
    logbook.append("hold.created", {"hold": 1})
    heads.sign()
    posting.post_due()
    post = HeadPost.objects.get(way="stamp")
    assert (post.done_at, post.tries, post.trouble) == (None, 1, "its address is one of a private network")
    default_storage.delete(HeadPost.objects.get(way="storage").receipt)


PRIVATE = ["127.0.0.1", "::1", "0.0.0.0", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1"]
PRIVATE += ["::ffff:127.0.0.1", "fe80::1", "fd00::1", "224.0.0.1", "255.255.255.255", "2002:7f00:1::", "::"]


@pytest.mark.parametrize("address", PRIVATE)
def test_x12_no_private_address_is_asked_whatever_its_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["93.184.215.14", address])
    with pytest.raises(Refused, match="private network"):
        outgoing.post("http://innocent.example/", b"", "text/plain")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://0/", "http://2130706433/", "http://0x7f.1/", "http://127.1:6379/"],
)
def test_x12_no_way_of_writing_this_machine_is_asked(url: str) -> None:
    with pytest.raises(Refused):
        outgoing.post(url, b"", "text/plain")


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://a.example/", "ftp://a.example/", "unix:/run/x", "http://", "http://[::1"),
        *("http://a@b.example/", "http://a.example:x/", "http://a.example/\r\nX: 1", "http://a.example/ b"),
        "http://ä.example/",
    ],
)
def test_x12_other_addresses_are_no_addresses(url: str) -> None:
    with pytest.raises(Refused, match="none that is asked"):
        outgoing.post(url, b"", "text/plain")


def test_x12_the_address_that_was_looked_at_is_the_one_that_is_asked(
    served: tuple[Service, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means another machine at the second look is looked up once."""
    looked = iter([["93.184.215.14"]])
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: next(looked))
    monkeypatch.setattr(outgoing, "SECONDS", 0.05)
    before = served[0].asked
    with pytest.raises(Refused, match="could not be asked"):
        outgoing.post(served[1], b"", "text/plain")
    assert served[0].asked == before
