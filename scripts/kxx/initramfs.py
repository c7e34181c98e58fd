# SPDX-License-Identifier: GPL-2.0
"""Makes the initramfs of a guest: busybox, modules and programs"""

import lzma
import os
import re
import subprocess
import tempfile
from pathlib import Path

from kxx.architecture import ARCHITECTURES, UML
from kxx.process import SCRIPTS, Failure, kernel_folder
from kxx.userland import userland

NOT_STARTED = 125


def not_started(line):
    return Failure(line, status=NOT_STARTED)


class Kernel:
    """A kernel's folder, as scripts/kernel makes it"""

    def __init__(self, name):
        self.path = Path(name) if "/" in name else kernel_folder(name)
        try:
            self.release = (self.path / "release").read_text().strip()
        except OSError as error:
            raise not_started(f"{self.path} is not a kernel folder: {error.strerror}")
        self.architecture = next((one for one in ARCHITECTURES if (self.path / one.image).exists()), None)
        if not self.architecture:
            raise not_started(f"{self.path} has no kernel to boot")
        self.image = self.path / self.architecture.image
        self.modules = self.path / "modules/lib/modules" / self.release
        self.builtin = {module_name(line) for line in self.lines("modules.builtin")}
        self.dependencies = {}
        for line in self.lines("modules.dep"):
            file, _, needs = line.partition(":")
            self.dependencies[module_name(file)] = [file, *needs.split()]

    def lines(self, name):
        try:
            return (self.modules / name).read_text().splitlines()
        except FileNotFoundError:
            return []

    def files(self, name):
        """Returns the kernel's module @name and its dependencies, in load order"""
        if name in self.builtin:
            return []
        if name not in self.dependencies:
            raise not_started(f"kernel {self.release} has no module {name}")
        return [self.modules / file for file in reversed(self.dependencies[name])]


def module_name(path):
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


def module_content(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def without_debug_info(path):
    """Strips a module, from 45 MB to 4 MB; gdb reads the debug info from the original file"""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["strip", "-g", "-o", f"{folder}/module", path], check=True)
        return Path(folder, "module").read_bytes()


def module_depends(data):
    found = re.search(rb"(?:^|\0)depends=([^\0]*)\0", data)
    return [name for name in found[1].decode().split(",") if name] if found else []


class Initramfs:
    """A cpio archive ("newc") and the list of modules to load"""

    def __init__(self, kernel):
        self.kernel = kernel
        self.entries = {}
        self.modules = []  # (path in the guest, parameters), in order
        self.userland = userland(kernel.architecture)
        self.add("/dev/console", mode=0o020600, device=(5, 1))
        self.add("/vm/ports", f"{kernel.architecture.console} {kernel.architecture.output}\n".encode())
        self.add_file(self.userland.program("busybox"), "/bin/busybox")
        self.add("/bin/sh", b"busybox", 0o120777)
        self.add_file(SCRIPTS / "guest-init", "/init")

    def add(self, name, data=b"", mode=0o100644, device=(0, 0)):
        if name in self.entries and self.entries[name][0] != data:
            raise not_started(f"{name} would be twice in the guest")
        folder = os.path.dirname(name)
        if folder != "/" and folder not in self.entries:
            self.add(folder, mode=0o040755)
        self.entries[name] = (data, mode, device)

    def add_file(self, path, name):
        mode = 0o755 if os.access(path, os.X_OK) else 0o644
        self.add(name, Path(path).read_bytes(), 0o100000 | mode)

    def add_program(self, name):
        path = self.userland.program(name)
        self.add_file(path, f"/usr/local/bin/{path.name}")
        for guest, library in self.userland.libraries(path).items():
            self.add_file(library, guest)

    def content(self, path):
        return without_debug_info(path) if self.kernel.architecture is UML else module_content(path)

    def load_own(self, name, parameters=""):
        files = self.kernel.files(name)
        for file in files:
            own = parameters if file is files[-1] else ""
            self.load(f"/lib/modules/{module_name(file)}.ko", module_content(file), own)

    def load_needs(self, data):
        loaded = {module_name(guest) for guest, _ in self.modules}
        for name in module_depends(data):
            if name not in loaded:
                self.load_own(name)

    def load(self, guest, data, parameters):
        if guest in (name for name, _ in self.modules):
            return
        self.add(guest, data)
        self.modules.append((guest, parameters))

    def add_module(self, file, parameters):
        if "/" not in file and ".ko" not in file:
            self.load_own(file.replace("-", "_"), parameters)
            return
        data = self.content(Path(file))
        self.load_needs(data)
        self.load(f"/lib/modules/{module_name(file)}.ko", data, parameters)

    def add_needs(self, file):
        data = self.content(Path(file))
        self.load_needs(data)
        self.add("/" + os.path.basename(file).removesuffix(".xz"), data)

    def write(self):
        """Writes the archive into a memfd, so that no file needs to be removed; returns its descriptor"""
        lines = "".join(f"{guest} {parameters}\n" for guest, parameters in self.modules)
        self.add("/vm/modules", lines.encode())
        archive = os.memfd_create("initramfs")
        with open(archive, "wb", closefd=False) as out:
            for inode, (name, entry) in enumerate(self.entries.items(), 1):
                cpio_entry(out, inode, name, *entry)
            cpio_entry(out, 0, "/TRAILER!!!", b"", 0, (0, 0))
        return archive


def cpio_entry(out, inode, name, data, mode, device):
    encoded = name[1:].encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    for part in (header + encoded, data):
        out.write(part)
        out.write(b"\0" * (-len(part) % 4))
