"""Debian's Mosquitto as a broker of others: on a free port, with a password file, and with TLS where asked for."""

from __future__ import annotations

import asyncio
import datetime as dt
import getpass
import ipaddress
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "park", "granite otter"
PROGRAMS = ("mosquitto", "mosquitto_pub", "mosquitto_sub", "mosquitto_passwd")


def need_mosquitto() -> None:
    missing = [name for name in PROGRAMS if shutil.which(name) is None and not Path(f"/usr/sbin/{name}").exists()]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: Debian's packages mosquitto and mosquitto-clients")


def program(name: str) -> str:
    return shutil.which(name) or f"/usr/sbin/{name}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Certificates:
    """An authority, a server's certificate for 127.0.0.1, and a client's; PEM files in a folder."""

    folder: Path
    ca: Path = field(init=False)

    def __post_init__(self) -> None:
        self.ca, key = self.folder / "ca.pem", ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        authority = self._build(name, name, key, key, ca=True)
        self._write(self.ca, authority)
        for who in ("server", "client"):
            own = ec.generate_private_key(ec.SECP256R1())
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)])
            self._write(self.folder / f"{who}.pem", self._build(subject, name, own, key))
            text = own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            (self.folder / f"{who}.key").write_bytes(text)

    def _build(self, subject, issuer, own, signer, *, ca: bool = False) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        )
        if ca:
            usage = x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            )  # fmt: skip
            made = made.add_extension(usage, critical=True)
        return made.sign(signer, hashes.SHA256())

    @staticmethod
    def _write(path: Path, certificate: x509.Certificate) -> None:
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


class Mosquitto:
    """The broker; `tls` with the certificates of a folder, and a client's certificate is asked for."""

    def __init__(self, folder: Path, *, tls: Certificates | None = None) -> None:
        self.folder, self.tls, self.port = folder, tls, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "passwords").write_text(f"{USER}:{PASSWORD}\n")
        subprocess.run([program("mosquitto_passwd"), "-U", str(folder / "passwords")], check=True, capture_output=True)
        (folder / "passwords").chmod(0o600)
        lines = [
            f"listener {self.port} 127.0.0.1",
            f"user {getpass.getuser()}",  # else root's broker becomes a user that cannot read these files
            "allow_anonymous false",
            f"password_file {folder / 'passwords'}",
            "max_queued_messages 100000",
            "persistence true",
            f"persistence_location {folder}/",
        ]
        if tls is not None:
            lines += [
                f"cafile {tls.ca}",
                f"certfile {tls.folder / 'server.pem'}",
                f"keyfile {tls.folder / 'server.key'}",
                "require_certificate true",
            ]
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        self.process: asyncio.subprocess.Process | None = None

    def url(self, password: str = PASSWORD) -> str:
        scheme = "mqtts" if self.tls else "mqtt"
        return f"{scheme}://{USER}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            program("mosquitto"), "-c", str(self.folder / "mosquitto.conf"), stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    if self.process.returncode is not None:
                        assert self.process.stderr is not None
                        raise RuntimeError((await self.process.stderr.read()).decode()) from None
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    async def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            await self.process.communicate()
            self.process = None

    def _client(self, name: str) -> list[str]:
        given = [program(name), "-h", "127.0.0.1", "-p", str(self.port), "-u", USER, "-P", PASSWORD]
        if self.tls is not None:
            given += ["--cafile", str(self.tls.ca), "--cert", str(self.tls.folder / "client.pem")]
            given += ["--key", str(self.tls.folder / "client.key")]
        return given

    async def publish(self, topic: str, payload: str | bytes, *more: str, lines: bool = False) -> None:
        """`mosquitto_pub`, QoS 1; lines: each line of the payload is a message."""
        data = payload.encode() if isinstance(payload, str) else payload
        command = [
            *self._client("mosquitto_pub"),
            "-q",
            "1",
            "-t",
            topic,
            *(() if "-f" in more else ("-l" if lines else "-s" if data else "-n",)),
            *more,
        ]
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
        await process.communicate(data)
        assert process.returncode == 0

    async def listen(self, topic: str, count: int = 1, more: tuple[str, ...] = ()) -> asyncio.subprocess.Process:
        """`mosquitto_sub` that ends after `count` messages; `communicate` gives them as `topic payload` lines."""
        command = [
            "stdbuf",
            "-oL",
            *self._client("mosquitto_sub"),
            "-q",
            "1",
            "-t",
            topic,
            "-C",
            str(count),
            "-v",
            "-d",
            *more,
        ]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        async with asyncio.timeout(20):
            while b"SUBACK" not in await process.stdout.readline():
                pass
        return process
