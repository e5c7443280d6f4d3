"""How an OPC UA client shows who it is, and knows its server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto import security_policies, uacrypto
from cryptography import x509

from twin.connectors.certificates import file_setting
from twin.connectors.setting_reader import SettingReader

POLICIES = ("none", "Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss")
MODES = ("Sign", "SignAndEncrypt")


@dataclass(frozen=True, slots=True)
class Security:
    """policy: `none` or one of POLICIES, then with our certificate and key and the server's certificate.

    user, password: empty for anonymous; user_certificate, user_key: a person's or device's certificate instead.
    """

    policy: str = "none"
    mode: str = "SignAndEncrypt"
    certificate: str = ""
    key: str = ""
    server_certificate: str = ""
    user: str = ""
    password: str = ""
    user_certificate: str = ""
    user_key: str = ""

    @classmethod
    def read(cls, reader: SettingReader, folder: Path) -> Security:
        """From a connector's settings. Raises Invalid naming a wrong one."""
        made = cls(
            policy=reader.text("policy", "none", one_of=POLICIES),
            mode=reader.text("mode", "SignAndEncrypt", one_of=MODES),
            certificate=file_setting(reader, "certificate", folder),
            key=file_setting(reader, "key", folder),
            server_certificate=file_setting(reader, "server_certificate", folder),
            user=reader.text("user", ""),
            password=reader.text("password", ""),
            user_certificate=file_setting(reader, "user_certificate", folder),
            user_key=file_setting(reader, "user_key", folder),
        )
        files = {name: getattr(made, name) for name in ("certificate", "key", "server_certificate")}
        for name, path in files.items():
            if made.policy == "none" and path:
                raise reader.wrong("policy", made.policy, f"one of {', '.join(POLICIES[1:])} where {name} is given")
            if made.policy != "none" and not Path(path).is_file():
                raise reader.wrong(name, path, f"a PEM or DER file, as policy is {made.policy}")
        if bool(made.user_certificate) != bool(made.user_key):
            raise reader.wrong("user_key", made.user_key, "the key of user_certificate: both or none of them")
        if made.user_certificate and made.user:
            raise reader.wrong("user", made.user, "nothing where user_certificate is given")
        if made.password and not made.user:
            raise reader.wrong("user", made.user, "the name that the password belongs to")
        return made

    async def apply(self, client: Client) -> None:
        """Prepare a client before it connects. Raises OSError or ValueError where a file cannot be used."""
        if self.policy != "none":
            client.application_uri = application_uri(Path(self.certificate)) or client.application_uri
            await client.set_security(
                getattr(security_policies, f"SecurityPolicy{self.policy}"),
                _file(self.certificate),
                _file(self.key),
                server_certificate=_file(self.server_certificate),
                mode=ua.MessageSecurityMode[self.mode],
            )
        if self.user:
            client.set_user(self.user)
            client.set_password(self.password)
        if self.user_certificate:
            certificate, key = _file(self.user_certificate), _file(self.user_key)
            await client.load_client_certificate(certificate.path_or_content, certificate.extension)
            await client.load_private_key(key.path_or_content, extension=key.extension)


def _file(path: str) -> uacrypto.CertProperties:
    """A certificate or key, PEM or DER by what is in it: the library would go by the name's ending."""
    return uacrypto.CertProperties(path, "pem" if b"-----BEGIN" in Path(path).read_bytes() else "der")


def application_uri(path: Path) -> str:
    """The URI in a certificate's alternative names, which servers compare with the one we give; empty without one."""
    raw = path.read_bytes()
    load = x509.load_pem_x509_certificate if b"-----BEGIN" in raw else x509.load_der_x509_certificate
    try:
        names = load(raw).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    found = names.get_values_for_type(x509.UniformResourceIdentifier)
    return str(found[0]) if found else ""
