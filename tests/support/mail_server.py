"""A mail server on a free port of 127.0.0.1 for tests.

Prints {"port": N}, then one line of JSON for each message it accepts: from, to, data, tls, user.
Recipients are refused by their local part: nobody 550, later 451, and a message to poison is refused
with 554 after DATA.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import ssl
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "nobody":
            return "550 5.1.1 no such user"
        if local == "later":
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("poison@") for address in envelope.rcpt_tos):
            return "554 5.6.0 message refused"
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "data": envelope.content.decode("utf-8", "replace"),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": (session.auth_data or b"").decode(),
            "peer": session.peer[1],
        }), flush=True)
        return "250 2.0.0 queued"


def authenticate(user: str, password: str):
    def check(server, session, envelope, mechanism, auth_data):
        given = (auth_data.login.decode(), auth_data.password.decode())
        return AuthResult(success=given == (user, password), handled=False, auth_data=given[0].encode())
    return check


async def serve(options: argparse.Namespace) -> None:
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    auth = {}
    if options.user:
        auth = {"authenticator": authenticate(options.user, options.password), "auth_required": True,
                "auth_require_tls": False}
    starttls = context if options.tls == "starttls" else None

    def session() -> SMTP:
        return SMTP(Handler(), tls_context=starttls, require_starttls=options.require_tls, **auth)

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", 0, ssl=context if options.tls == "smtps" else None)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tls", choices=("none", "starttls", "smtps"), default="none")
    parser.add_argument("--require-tls", action="store_true")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    # Refused certificates and plain accounts are what the tests are about, not faults to report.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
