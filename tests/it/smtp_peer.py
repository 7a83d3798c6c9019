"""A mail server for tests, by aiosmtpd (Debian: python3-aiosmtpd).

Prints "port N" when it listens. What happens is told in events.txt, a line each; every message, taken or not, is NNNN.eml, and
NNNN.json says the rest once the file is whole. Ends when its standard input closes, so that it cannot outlive its test.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("--out", required=True)
parser.add_argument("--cert", required=True)
parser.add_argument("--key", required=True)
parser.add_argument("--user", required=True)
parser.add_argument("--password", required=True)
parser.add_argument("--tls", choices=["starttls", "implicit", "none"], default="starttls")
parser.add_argument("--not-now", type=int, default=0, metavar="N", help="451 to the first N messages")
parser.add_argument("--aside", metavar="ADDRESS", help="take what goes to this recipient alone, and tell nothing of it")
parser.add_argument("--reject", metavar="ADDRESS", help="550 to this recipient")
options = parser.parse_args()


def tell(event):
    with open(os.path.join(options.out, "events.txt"), "a") as file:
        file.write(event + "\n")


class Handler:
    messages = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address != options.aside:
            tell(f"recipient {address}")
        if options.reject and address.lower() == options.reject.lower():
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos == [options.aside]:
            return "250 2.0.0 OK"
        self.messages += 1
        taken = self.messages > options.not_now
        name = os.path.join(options.out, f"{self.messages:04}")
        with open(name + ".eml", "wb") as file:
            file.write(envelope.original_content)
        tls = server.transport.get_extra_info("ssl_object")
        rest = {
            "taken": taken,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": tls.version() if tls else None,
            "user": session.auth_data,
        }
        with open(name + ".part", "w") as file:
            json.dump(rest, file)
        os.rename(name + ".part", name + ".json")
        return "250 2.0.0 OK" if taken else "451 4.3.0 Try again later"


def authenticate(server, session, envelope, mechanism, data):
    tell(f"login {mechanism}")
    wanted = (options.user.encode(), options.password.encode())
    good = isinstance(data, LoginPassword) and (data.login, data.password) == wanted
    # Not handled: aiosmtpd itself answers 535.
    return AuthResult(success=good, handled=False, auth_data=options.user if good else None)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    starttls = options.tls == "starttls"
    handler = Handler()

    def connection():
        tell("connection")
        return SMTP(
            handler,
            hostname="localhost",
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=authenticate,
            auth_required=True,
            # aiosmtpd knows of STARTTLS only; without it, it would take a password in the clear.
            auth_require_tls=starttls,
        )

    wrapped = context if options.tls == "implicit" else None
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=wrapped)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    os._exit(0)


asyncio.run(main())
