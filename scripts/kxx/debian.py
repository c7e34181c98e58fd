# SPDX-License-Identifier: GPL-2.0
"""Queries and downloads packages of several Debian suites, without installing any"""

import contextlib
import os
import re

from kxx.architecture import AMD64, ARM64
from kxx.process import Failure, Progress, cache_folder, locked, output_of, run


class PackagesUnknown(Failure):
    """The package lists of @suite are missing or out of date"""

    def __init__(self, message, suite, log=None):
        super().__init__(message, log=log)
        self.suite = suite


class Suite:
    """
    A suite of Debian with its own apt configuration, separate from the host's. Sources, lists and
    downloads are in the cache, and apt sees no package as installed.
    """

    MIRROR = os.environ.get("KXX_MIRROR", "http://deb.debian.org")
    KEYRINGS = "/usr/share/keyrings/debian-archive-keyring"

    def __init__(self, name, *sources, tools=None):
        """With @tools this is a suite for arm64, and @tools is the same suite for the host"""
        self.name = name
        self.sources = sources
        self.architecture = ARM64 if tools else AMD64
        self.tools = tools or self

    def folder(self):
        foreign = "" if self.tools is self else f"-{self.architecture.name}"
        return cache_folder() / "apt" / (self.name + foreign)

    def environment(self):
        return os.environ | {"LC_ALL": "C", "APT_CONFIG": str(self.folder() / "apt.conf")}

    def configure(self):
        folder = self.folder()
        (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
        keys = [name for name in (f"{self.KEYRINGS}.gpg", f"{self.KEYRINGS}.pgp")
                if os.path.exists(name)]
        if not keys:
            raise Failure("there is no Debian key here (install debian-archive-keyring)")
        (folder / "sources.list").write_text("".join(
            f"deb [signed-by={keys[0]}] {self.MIRROR}/{source} main\n" for source in self.sources))
        # Sandbox::User: apt's unprivileged user _apt cannot write into root's cache.
        (folder / "apt.conf").write_text(f"""
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{folder}";
Dir::State::Lists "{folder}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{folder}";
APT::Architecture "{self.architecture.name}";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
""")

    def update(self):
        """Updates the package lists from the mirror"""
        with locked(self.folder(), f"kernel: waiting for the lists of {self.name}"):
            self.configure()
            log = self.folder() / "log"
            log.unlink(missing_ok=True)
            progress = Progress(f"lists of {self.folder().name}")
            try:
                run(["apt-get", "-q", "update"], log, lambda: progress.show("updating"),
                    env=self.environment())
            finally:
                progress.done()
            (self.folder() / "updated").touch()

    def state(self):
        """Returns a text that changes when the lists are updated"""
        try:
            return str(os.stat(self.folder() / "updated").st_mtime_ns)
        except FileNotFoundError:
            raise PackagesUnknown(f"there are no lists of {self.name} yet", self) from None

    def names(self, prefix):
        self.state()
        return output_of("apt-cache", "pkgnames", prefix, env=self.environment()).split()

    def fields(self, package):
        """Returns the fields of the version of @package that apt would install"""
        self.state()
        text = output_of("apt-cache", "show", "--no-all-versions", package,
                         env=self.environment())
        if not text:
            raise PackagesUnknown(f"{self.name} has no package {package}", self)
        return dict(re.findall(r"^(\S+): (.*)$", text, re.MULTILINE))

    def dependencies(self, package, pattern):
        return re.findall(pattern, self.fields(package)["Depends"])

    def download(self, packages, folder, log, progress, dependencies=False):
        """Downloads @packages, and with @dependencies all their dependencies, into @folder"""
        (folder / "partial").mkdir(parents=True)
        command = ["apt-get", "-q", "-y", "-o", f"Dir::Cache::Archives={folder}"]
        command += ["--download-only", "install"] if dependencies else ["download"]
        sizes = re.findall(r"^'.*?' (\S+) (\d+) ", output_of(
            *command, "--print-uris", *packages, env=self.environment()), re.MULTILINE)
        total = sum(int(size) for _, size in sizes)
        if len(sizes) < len(packages):
            raise PackagesUnknown(f"{self.name} cannot tell where to download "
                                  + " ".join(packages), self)

        def watch():
            got = 0
            for file in folder.glob("**/*.deb"):
                # apt moves a file out of partial/ when it is complete.
                with contextlib.suppress(FileNotFoundError):
                    got += file.stat().st_size
            progress.show("downloading", f"{got / 1e6:.0f} of {total / 1e6:.0f} MB")

        try:
            run([*command, *packages], log, watch, cwd=folder, env=self.environment())
        except Failure:
            raise PackagesUnknown("the download failed", self, log) from None
        return list(folder.glob("*.deb"))


BOOKWORM = Suite("bookworm", "debian bookworm", "debian-security bookworm-security")
TRIXIE = Suite("trixie", "debian trixie", "debian-security trixie-security",
               "debian trixie-backports")
SID = Suite("sid", "debian sid")
BOOKWORM_ARM64 = Suite(BOOKWORM.name, *BOOKWORM.sources, tools=BOOKWORM)
TRIXIE_ARM64 = Suite(TRIXIE.name, *TRIXIE.sources, tools=TRIXIE)
