# SPDX-License-Identifier: GPL-2.0
"""The test kernels: where each comes from, and how its folder is made"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from kxx.architecture import ARM64
from kxx.compiler import GCC_12, GCC_12_ARM64, GCC_14, GCC_14_ARM64, GCC_14_RUST, GCC_16
from kxx.debian import BOOKWORM, BOOKWORM_ARM64, SID, TRIXIE, TRIXIE_ARM64, PackagesUnknown
from kxx.process import TOP, Failure, output_of, run


def unpack_source(suite, package, folder, log, progress):
    """Has the source of a kernel in @folder/source"""
    source, unpacked = folder / "source", folder / "unpacked"
    deb, = suite.download([package], folder / "debs", log, progress)
    source.mkdir()
    unpack = lambda: progress.show("unpacking the source")
    run(["dpkg", "-x", deb, unpacked], log, unpack)
    run(["tar", "-xf", unpacked / f"usr/src/{package}.tar.xz", "-C", source, "--strip-components=1"],
        log, unpack)
    shutil.rmtree(folder / "debs")
    shutil.rmtree(unpacked)


def build_environment(compiler, folder):
    """Not the caller's: it may be a make's, with M=, O= or V="""
    temporary = folder / "temporary"
    temporary.mkdir()
    path = os.environ["PATH"] if compiler.is_hosts() else f"{folder / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(Path.home()), "LC_ALL": "C", "TMPDIR": str(temporary),
            **compiler.environment()}


def link(path, target):
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def in_parallel():
    return f"-j{len(os.sched_getaffinity(0))}"


class Stock:
    """
    A kernel as the distribution ships it. @image is the package that depends on the kernel's
    own, or a pattern of the kernel's own, of which the newest is taken.
    """

    def __init__(self, text, suite, compiler, image):
        self.text = text
        self.suite = suite
        self.compiler = compiler
        self.image = image

    def packages(self):
        """The kernel's package and its headers'"""
        if "\\" not in self.image:
            image = self.suite.dependencies(self.image, r"linux-image-[^ ,]+")[0]
            headers = self.suite.dependencies(self.image.replace("-image-", "-headers-"),
                                              r"linux-headers-[^ ,]+")[0]
            return image, headers
        found = [name for name in self.suite.names("linux-image-")
                 if re.fullmatch(self.image, name)]
        if not found:
            raise PackagesUnknown(f"{self.suite.name} has no package {self.image}", self.suite)
        image = max(found, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])
        return image, image.replace("linux-image-", "linux-headers-")

    def described(self):
        return self.image.replace("\\", "").replace("[^-]*", "*")

    def version(self):
        if "\\" not in self.image:
            return self.suite.fields(self.image)["Version"]
        return self.suite.fields(self.packages()[0])["Version"]

    def key(self, version):
        return version

    def make(self, folder, log, progress):
        image, headers = self.packages()
        # Download the image's parts, too: since Debian's 6.19 these are packages that the image depends on.
        # Of the headers' dependencies, download neither the compiler nor (in 6.12) the image.
        images = [image, *self.suite.dependencies(image, r"linux-(?:base|binary|modules)-[^ ,]+")]
        headers = [headers, *self.suite.dependencies(headers, r"linux-headers-[^ ,]+")]
        debs = self.suite.download([*images, *headers], folder / "debs", log, progress)
        # Download the host's linux-kbuild: the host runs its programs.
        debs += self.suite.tools.download(self.tools(), folder / "debs/tools", log, progress)

        modules = folder / "modules"
        for deb in debs:
            root = modules if deb.name.split("_")[0] in images else folder / "headers"
            run(["dpkg", "-x", deb, root], log, lambda: progress.show("unpacking"))
        shutil.rmtree(folder / "debs")

        if (modules / "usr/lib/modules").exists():
            (modules / "usr/lib").rename(modules / "lib")
        release = next((modules / "lib/modules").iterdir()).name
        images = [modules / f"boot/vmlinuz-{release}", modules / f"lib/modules/{release}/vmlinuz"]
        image = next(path for path in images if path.exists()).read_bytes()
        (folder / self.suite.architecture.image).write_bytes(
            gzip.decompress(image) if image.startswith(b"\x1f\x8b") else image)
        run(["depmod", "-b", modules, release], log, lambda: progress.show("indexing modules"))

        build = folder / "headers/usr/src" / f"linux-headers-{release}"
        makefile = build / "Makefile"
        # The only absolute path in there
        makefile.write_text(makefile.read_text().replace(
            "/usr/src/", "$(dir $(lastword $(MAKEFILE_LIST)))../"))
        (folder / "build").symlink_to(build.relative_to(folder))

        for unused in "modules/boot", "modules/usr", "headers/lib", "headers/usr/share":
            shutil.rmtree(folder / unused, ignore_errors=True)
        if not self.compiler.is_hosts():
            self.add_compiler(folder, log, progress)
        return release

    def tools(self):
        """Returns the packages of programs that the build of a module runs"""
        return self.suite.dependencies(self.packages()[1], r"linux-kbuild-[^ ,]+")

    def add_compiler(self, folder, log, progress):
        """What builds modules runs with the libraries of the suite, as the compiler does"""
        libraries = [library for package in self.tools()
                     for library in self.suite.tools.dependencies(package, r"(lib[^ ,]+|zlib1g)")]
        compiler = self.compiler.fill(libraries, log, progress)
        self.compiler.bind([folder / "headers/usr/lib"], log, progress)
        link(folder / "bin", compiler / "bin")


class WithRnull(Stock):
    """
    A stock kernel and rnull, which no package has. The module is built from the kernel's source, with
    the kernel's configuration and by its compilers: symbols of Rust are other ones with others.
    """

    def __init__(self, text, suite, compiler, image, source):
        super().__init__(text, suite, compiler, image)
        self.source = source

    def make(self, folder, log, progress):
        release = super().make(folder, log, progress)
        unpack_source(self.suite, self.source, folder, log, progress)
        source, build, module = (folder / name for name in ("source", "rust", "rnull"))
        build.mkdir()
        for name in ".config", "Module.symvers":
            shutil.copy(folder / "build" / name, build)
        (build / ".kernelvariables").write_text(Built.variables.format(self.compiler.name))
        environment = build_environment(self.compiler, folder)
        version = output_of("make", "-s", "-C", source, "kernelversion", env=environment).strip()
        make = ["make", "-C", source, f"O={build}", f"LOCALVERSION={release.removeprefix(version)}"]

        def step(what, *arguments):
            run([*make, *arguments], log, lambda: progress.show(what), env=environment)

        step("configuring", "olddefconfig")
        step("building the kernel's crates", in_parallel(), "modules_prepare")
        shutil.copytree(source / "drivers/block/rnull", module)
        step("building rnull", f"M={module}", "CONFIG_BLK_DEV_RUST_NULL=m", "modules")
        extra = folder / "modules/lib/modules" / release / "extra"
        extra.mkdir()
        shutil.copy(module / "rnull_mod.ko", extra)
        run(["depmod", "-b", folder / "modules", release], log, lambda: progress.show("indexing modules"))
        for unused in source, build, module, folder / "temporary":
            shutil.rmtree(unused)
        return release


class Built:
    """A kernel built from the distribution's source with config fragments"""

    targets, image, name = ["bzImage"], "arch/x86/boot/bzImage", "bzImage"
    # Debian's kbuild reads this file, also when it builds modules later.
    variables = "CC = {}\n"

    def __init__(self, text, suite, compiler, source, fragments, steps):
        self.text = text
        self.suite = suite
        self.compiler = compiler
        self.package = source
        self.fragments = [TOP / "kbuild/kernels" / f"{name}.config" for name in fragments]
        self.steps = steps

    def config(self):
        return "".join(fragment.read_text() for fragment in self.fragments)

    def described(self):
        return self.package

    def version(self):
        return self.suite.fields(self.package)["Version"]

    def key(self, version):
        made_from = self.config() + self.compiler.version()
        return f"{version}-{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"

    def make(self, folder, log, progress):
        source, build = folder / "source", folder / "build"
        unpack_source(self.suite, self.package, folder, log, progress)
        build.mkdir()
        self.adapt(source)
        (build / ".kernelvariables").write_text(self.variables.format(self.compiler.name))
        make = ["make", "-C", source, f"O={build}"]
        if not self.compiler.is_hosts():
            self.add_compiler(folder, log, progress)
        environment = build_environment(self.compiler, folder)
        environment["KCONFIG_ALLCONFIG"] = str(folder / "fragments")

        (folder / "fragments").write_text(self.config())
        run([*make, "allnoconfig"], log, lambda: progress.show("configuring"), env=environment)
        self.check_config(build / ".config")

        skip = log.stat().st_size

        def watch():
            steps = log.read_bytes()[skip:].count(b"\n")
            progress.show("building", f"step {steps} of about {self.steps}")

        run([*make, in_parallel(), *self.targets, "modules"],
            log, watch, env=environment)
        run([*make, f"INSTALL_MOD_PATH={folder / 'modules'}", "modules_install"],
            log, lambda: progress.show("installing modules"), env=environment)
        os.link(build / self.image, folder / self.name)
        shutil.rmtree(folder / "temporary")
        return (build / "include/config/kernel.release").read_text().strip()

    def add_compiler(self, folder, log, progress):
        link(folder / "bin", self.compiler.fill([], log, progress) / "bin")

    def adapt(self, source):
        """Changes the source"""

    def check_config(self, config):
        """Kconfig drops without a word what lacks a dependency or has been renamed"""
        got = set(config.read_text().splitlines())
        wanted = {}
        for line in re.findall(r"^CONFIG_.*$|^# CONFIG_\w+ is not set$", self.config(), re.MULTILINE):
            # A later fragment may take back what an earlier one wants.
            wanted[re.search(r"CONFIG_\w+", line)[0]] = line
        lost = [line for line in wanted.values() if line not in got and not line.startswith("#")]
        if lost:
            raise Failure(f"this kernel cannot have {', '.join(lost)}")


class Arm64(Built):
    """A kernel for arm64, built and run on this machine"""

    targets, image, name = [ARM64.image], f"arch/arm64/boot/{ARM64.image}", ARM64.image
    variables = f"override ARCH = arm64\noverride CROSS_COMPILE = {ARM64.triplet}-\n" + Built.variables


class UserMode(Built):
    """A kernel that is a program of this machine, and debugged as one"""

    targets, image, name = ["linux"], "linux", "linux"
    variables = "ARCH = um\n" + Built.variables
    # What is replaced in the source, and with what.
    changes = [
        # kmemleak waits for an object to be this old, milliseconds, longer than all suites take.
        ("mm/kmemleak.c", r"(?m)^(#define MSECS_MIN_AGE\s+)5000\b", r"\g<1>500"),
        # KASAN and kmemleak save a stack at each allocation, of which only what the frame pointers lead to is kept.
        # To look up each word of the stack besides, under rcu_read_lock(), takes more than half of all the time.
        ("arch/um/kernel/stacktrace.c", r"\t\taddr = READ_ONCE_NOCHECK\(\*sp\);",
         r"""\t\tif (ops == &dump_ops) {
\t\t\tunsigned long *next = (unsigned long *)(bp + sizeof(long));

\t\t\tif (next < sp || ((unsigned long)next ^ (unsigned long)sp) >= THREAD_SIZE)
\t\t\t\tbreak;
\t\t\tsp = next;
\t\t}
\g<0>"""),
        ("arch/um/kernel/stacktrace.c", r"void dump_trace\(struct task_struct \*tsk,\n",
         r"static const struct stacktrace_ops dump_ops;\n\n\g<0>"),
    ]

    def __init__(self, *arguments, patch=None, **named):
        super().__init__(*arguments, **named)
        self.patch = (TOP / f"kbuild/kernels/{patch}.patch").read_bytes() if patch else b""

    def key(self, version):
        changed = hashlib.sha256(repr(self.changes).encode() + self.patch).hexdigest()[:4]
        return f"{super().key(version)}-{changed}"

    def adapt(self, source):
        if self.patch:
            subprocess.run(["patch", "-p1", "-s", "-d", source], input=self.patch, check=True)
        for name, pattern, replacement in self.changes:
            file = source / name
            text, count = re.subn(pattern, replacement, file.read_text())
            if count != 1:
                raise Failure(f"{name} has changed: {pattern} is there {count} times")
            file.write_text(text)


DEBUG = "KUnit with KASAN, lockdep, kmemleak, UBSAN"
RT = "PREEMPT_RT"

KERNELS = {
    "6.1": Stock("the kernel of Debian 12", BOOKWORM, GCC_12, "linux-image-amd64"),
    "6.1-rt": Stock(RT, BOOKWORM, GCC_12, "linux-image-rt-amd64"),
    "6.12": Stock("the same version as Debian 13's", BOOKWORM, GCC_12,
                  "linux-image-6.12-amd64"),
    "6.12-trixie": Stock("the kernel of Debian 13", TRIXIE, GCC_14, "linux-image-amd64"),
    "6.12-rt": Stock(RT, BOOKWORM, GCC_12, "linux-image-6.12-rt-amd64"),
    "7.2": Stock("the newest compiler", SID, GCC_16, r"linux-image-7\.2[^-]*-amd64"),
    "7.3": Stock("the newest kernel", TRIXIE, GCC_14, r"linux-image-7\.3[^-]*-amd64"),
    "7.3-rt": Stock(RT, TRIXIE, GCC_14, r"linux-image-7\.3[^-]*-rt-amd64"),
    "6.12-arm64": Stock("the kernel of Debian 13, for arm64", BOOKWORM_ARM64, GCC_12_ARM64,
                        "linux-image-6.12-arm64"),
    "7.3-arm64": Stock("the newest kernel, for arm64", TRIXIE_ARM64, GCC_14_ARM64,
                       r"linux-image-7\.3[^-]*-arm64"),
    "6.1-debug": Built(DEBUG, BOOKWORM, GCC_12, "linux-source-6.1",
                       ["base", "debug", "6.1", "preempt"], steps=1550),
    "6.12-debug": Built(DEBUG, BOOKWORM, GCC_12, "linux-source-6.12",
                        ["base", "debug", "6.12", "preempt"], steps=1650),
    "6.12-rt-debug": Built(f"{DEBUG}, {RT}", BOOKWORM, GCC_12, "linux-source-6.12",
                           ["base", "debug", "6.12", "rt"], steps=1600),
    "6.12-arm64-debug": Arm64(f"{DEBUG}, for arm64", BOOKWORM, GCC_12_ARM64, "linux-source-6.12",
                              ["base", "debug", "6.12", "preempt", "arm64"], steps=1650),
    "7.3-debug": Built(DEBUG, TRIXIE, GCC_14, "linux-source-7.3",
                       ["base", "debug", "6.12", "7.3", "preempt"], steps=1750),
    "7.3-rt-debug": Built(f"{DEBUG}, {RT}", TRIXIE, GCC_14, "linux-source-7.3",
                          ["base", "debug", "6.12", "7.3", "rt"], steps=1700),
    "7.3-arm64-debug": Arm64(f"{DEBUG}, for arm64", TRIXIE, GCC_14_ARM64, "linux-source-7.3",
                             ["base", "debug", "6.12", "7.3", "preempt", "arm64"], steps=1700),
    "7.3-kcsan": Built("KUnit with KCSAN, strict", TRIXIE, GCC_14, "linux-source-7.3",
                       ["base", "kcsan", "7.3", "preempt"], steps=1700),
    "6.12-uml": UserMode(f"{DEBUG}, a process of this machine", BOOKWORM, GCC_12, "linux-source-6.12",
                         ["base", "debug", "6.12", "preempt", "uml", "uml-6.12"], steps=1300),
    "7.3-uml": UserMode(f"{DEBUG}, a process of this machine", TRIXIE, GCC_12, "linux-source-7.3",
                        ["base", "debug", "6.12", "7.3", "preempt", "uml"], steps=1300, patch="uml-7.3"),
    "7.3-gcov-uml": UserMode("as 7.3-uml, unpatched; counts how often each line of a module runs", TRIXIE, GCC_12,
                             "linux-source-7.3",
                             ["base", "debug", "6.12", "7.3", "preempt", "uml", "gcov"], steps=1300),
    "7.3-uml-bench": UserMode("to measure by the clock: no check, two CPUs", TRIXIE, GCC_12, "linux-source-7.3",
                              ["base", "7.3", "uml", "bench"], steps=1300),
    "peer-7.3": WithRnull("null_blk in C and in Rust, to measure beside", TRIXIE, GCC_14_RUST,
                          r"linux-image-7\.3[^-]*-amd64", "linux-source-7.3"),
}
