"""What operators and watchers outside hear of the running daemon."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from harness import SECRET, baseline, invented_party, open_world, small_rule, stays, text_of, wait_for

CHECK = 'check = "300ms"'


@contextmanager
def answering(tls: tuple[Path, Path] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server that says 200 to everything, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_the_heartbeat_stops_while_a_source_fails(tmp_path: Path) -> None:
    with answering() as (url, asked), open_world(
            tmp_path, operators_extra=f'{CHECK}\nheartbeat_url = "{url}/ping/secret"') as world:
        world.start()
        wait_for("a heartbeat", lambda: asked, 10)
        assert set(asked) == {"GET /ping/secret"}
        with world.publisher.down():
            world.program.wait_for_status("failing", "ecfr")
            count = len(asked)
            stays("silence", lambda: len(asked) <= count + 1, 2)  # one may have been on its way
        world.program.wait_for_status("ok")
        count = len(asked)
        wait_for("the heartbeat again", lambda: len(asked) > count, 10)
        assert "ping/secret" not in world.program.log_tail(10_000)


def test_one_pass_sends_the_heartbeat_when_it_went_well(tmp_path: Path) -> None:
    with answering() as (url, asked), open_world(tmp_path, operators_extra=f'heartbeat_url = "{url}/ping"') as world:
        assert world.program.run("poll").returncode == 0
        assert asked == ["GET /ping"]
        with world.publisher.down():
            assert world.program.run("poll").returncode == 1
        assert asked == ["GET /ping"]


def certificate_of_three_months(folder: Path, days_left: int) -> tuple[Path, Path]:
    """Certificate and key for 127.0.0.1, signed by itself ninety days before its end."""
    key, request, certificate = folder / "key.pem", folder / "request.pem", folder / "certificate.pem"
    end = datetime.now(UTC) + timedelta(days=days_left)
    (folder / "index.txt").touch()
    settings = folder / "ca.cnf"
    settings.write_text(f"[ca]\ndefault_ca = it\n[it]\nnew_certs_dir = {folder}\ndatabase = {folder}/index.txt\n"
                        f"rand_serial = yes\ndefault_md = sha256\npolicy = any\nx509_extensions = ext\n"
                        f"[any]\ncommonName = supplied\n[ext]\nsubjectAltName = IP:127.0.0.1\n"
                        f"basicConstraints = CA:TRUE\n")
    for call in (["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", key,
                  "-out", request],
                 ["ca", "-batch", "-selfsign", "-notext", "-config", settings, "-in", request, "-keyfile", key,
                  "-out", certificate, "-startdate", f"{end - timedelta(days=90):%Y%m%d%H%M%SZ}",
                  "-enddate", f"{end:%Y%m%d%H%M%SZ}"]):
        subprocess.run(["openssl", *call], check=True, capture_output=True, timeout=30)
    return certificate, key


def test_a_receivers_certificate_near_its_end_is_told_once(tmp_path: Path) -> None:
    certificate, key = certificate_of_three_months(tmp_path, days_left=5)
    with answering((certificate, key)) as (url, asked):
        channel = (f'[[channels]]\nname = "tls"\ntype = "webhook"\nurl = "{url}/hook"\nsecret = "{SECRET}"\n'
                   f'allow_private_network = true\nca_file = "{certificate}"')
        with open_world(tmp_path, operators_extra=CHECK, extra=channel) as world:
            world.start()
            world.publisher.publish_edition(date(2019, 10, 10), baseline().adding(invented_party(3)))
            wait_for("the delivery over TLS", lambda: asked, 15)
            notice = wait_for("the notice", world.receiver.notices, 10)[0]
            assert "certificate of 127.0.0.1:" in notice.data["subject"]
            stays("told once", lambda: len(world.receiver.notices()) == 1, 1.5)


def test_a_revised_watchlist_is_screened_at_once(tmp_path: Path) -> None:
    listed = baseline().entity_list[0].name
    (tmp_path / "vendors.csv").write_text(f'name,id\n"{listed}",V-1\nHarmless Bakery,V-2\n')
    subscription = '[[subscriptions]]\nname = "own"\nchannels = ["grc"]\nwatchlist = "vendors.csv"'
    with open_world(tmp_path, operators_extra=CHECK, extra=subscription) as world:
        world.start()
        first = wait_for("the first report", world.receiver.notices, 10)[0]
        assert first.data["subject"] == "vendors.csv: 1 of 2 counterparties may be listed"
        (tmp_path / "vendors.csv").write_text(f'name,id\n"{listed}",V-1\nHarmless Bakery,V-2\nNew Partner,V-3\n')
        wait_for("the report of the revision", lambda: world.receiver.notices()[1:], 10)
        told = world.receiver.notices()[1].data
        assert told["subject"] == "vendors.csv: 1 of 3 counterparties may be listed"
        assert "V-1" in told["text"] and "V-2" not in told["text"]
        stays("no third report", lambda: len(world.receiver.notices()) == 2, 2)


def test_a_webhook_that_is_gone_is_disabled_told_and_opened_again(tmp_path: Path) -> None:
    with open_world(tmp_path, operators_channel="mail") as world:
        world.start()
        world.receiver.status = 410
        world.publisher.publish(small_rule("2019-31001", date(2019, 10, 14), invented_party(1)))
        wait_for("operators to be told", lambda: "Channel grc disabled itself" in mailed(world), 20)
        world.publisher.publish(small_rule("2019-31002", date(2019, 10, 15), invented_party(2)))
        wait_for("the second alert by mail", lambda: "2019-31002" in mailed(world), 20)
        assert len(world.receiver.calls()) == 1  # nothing more is sent there
        world.receiver.status = 204
        dead = world.program.listing("deliveries", status="dead")
        assert world.program.run("redeliver", dead[0]["id"]).returncode == 0
        wait_for("both alerts", lambda: world.receiver.alerts()[1:], 20)
        wait_for("operators to be told that it is over", lambda: "Channel grc is open again" in mailed(world), 20)


def test_each_recipient_has_a_fate_of_its_own(tmp_path: Path) -> None:
    with open_world(tmp_path, mail_to=("good@example.org", "gone@example.org")) as world:
        world.mail.unknown = {"gone@example.org"}
        world.start()
        world.publisher.publish(small_rule("2019-31003", date(2019, 10, 14), invented_party(1)))
        wait_for("the mail", world.mail.messages, 20)
        notice = wait_for("operators to be told", world.receiver.notices, 20)[0]
        assert "gone@example.org" in notice.data["text"]
        stays("one mail to the one that exists", lambda: [m["X-Recipients"] for m in world.mail.messages()]
              == ["good@example.org"], 2)


def mailed(world: World) -> str:
    return "\n".join(f"{m['Subject']}\n{text_of(m, 'plain')}" for m in world.mail.messages())
