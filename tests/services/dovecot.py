"""A Dovecot of the tests' own: any user name with the password is a mailbox, and a new name a fresh one."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import tempfile
from pathlib import Path
from typing import Self

from tests.services.parts import DOVECOT
from tests.services.process import Process, accepts, free_port

PASSWORD = "secret"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = chatdesk-tests
protocols = imap
listen = 127.0.0.1
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mail_uid = {owner}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={mail_group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    def __init__(self) -> None:
        binary = DOVECOT.path()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-dovecot-"))
        self.folder.chmod(0o755)
        self.owner = "mail" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        (self.folder / "dovecot.conf").write_text(CONFIG.format(**self._facts()))
        (self.folder / "mail").mkdir()
        self.process = Process("dovecot", [binary, "-F", "-c", str(self.folder / "dovecot.conf")], self.folder / "log")

    def _facts(self) -> dict[str, str | int]:
        facts: dict[str, str | int] = {"folder": str(self.folder), "password": PASSWORD, "port": self.port}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "mail", "mail")
            return facts | {
                "owner": "mail",
                "internal": "dovecot",
                "login": "dovenull",
                "group": "dovecot",
                "mail_group": "mail",
            }
        group = grp.getgrgid(os.getegid()).gr_name
        return facts | dict.fromkeys(("owner", "internal", "login"), self.owner) | {"group": group, "mail_group": group}

    def __enter__(self) -> Self:
        try:
            if os.geteuid() == 0:
                shutil.chown(self.folder / "mail", "mail", "mail")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(lambda: accepts(self.port))

    def stop(self) -> None:
        self.process.stop()

    @property
    def output(self) -> str:
        return self.process.output

    def maildir(self, user: str) -> Path:
        return self.folder / "mail" / user

    def renumber(self, user: str) -> None:
        """Give the inbox another UIDVALIDITY, as after a restored backup. To be called while nobody is signed in."""
        for path in self.maildir(user).glob("dovecot.*"):
            path.unlink()
        numbers = self.maildir(user) / "dovecot-uidlist"
        head, _, rest = numbers.read_text().partition("\n")
        numbers.write_text(re.sub(r"V(\d+)", lambda found: f"V{int(found[1]) + 1}", head, count=1) + "\n" + rest)
