# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# lib.sh - functions of the findings: unpack Debian packages of fixed versions and run their programs
#
# Each finding sources this file, unpacks the packages it needs into a temporary folder, runs them and
# compares the result with the recorded one. Nothing is installed; the folder is removed at the end. If
# the mirror no longer has a version, the finding exits with status 77.

set -eu

mirror=${KXX_MIRROR:-http://deb.debian.org}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP

# Unpacks the packages and all their dependencies into $folder/NAME. SUITE may list several suites.
unpack() { # NAME SUITE PACKAGE=VERSION...
	root=$folder/$1 suites=$2 apt=$folder/apt-$1
	shift 2
	mkdir -p "$root" "$apt/lists/partial" "$apt/archives/partial"
	for suite in $suites; do
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror/debian $suite main"
	done > "$apt/sources.list"
	cat > "$apt/apt.conf" <<- END
		Dir::Etc::SourceList "$apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State "$apt";
		Dir::State::Lists "$apt/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$apt";
		APT::Architecture "amd64";
		APT::Install-Recommends "false";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
	END
	echo "fetching $*" >&2
	APT_CONFIG=$apt/apt.conf apt-get -qq update
	APT_CONFIG=$apt/apt.conf apt-get -qq -y --download-only install "$@" || {
		echo "the mirror no longer has $*" >&2
		exit 77
	}
	for deb in "$apt"/archives/*.deb; do
		dpkg -x "$deb" "$root"
	done
	mkdir -p "$root/tmp"
	# The package base-files would make these links, from trixie on.
	for merged in bin lib lib64; do
		[ -e "$root/$merged" ] || ln -s "usr/$merged" "$root/$merged"
	done
}

# Runs a command with $folder/NAME as its root, in /tmp.
inside() { # NAME COMMAND...
	root=$folder/$1
	shift
	unshare --map-root-user --root="$root" --wd=/tmp "$@"
}

# Writes standard input to /tmp/FILE of $folder/NAME.
file() { # NAME FILE
	cat > "$folder/$1/tmp/$2"
}

# Unpacks Linux 6.12, and what a guest needs, into $folder/new; sets $release.
unpack_6_12() {
	release=6.12.117+deb13-amd64
	unpack new trixie "linux-image-$release=6.12.117-1" qemu-system-x86=1:10.0.13+ds-0+deb13u1 \
		busybox-static=1:1.37.0-6+b9 perl-base=5.40.1-6+deb13u1 xz-utils=5.8.1-1+deb13u2
}

# Puts the kernel RELEASE of $folder/NAME with MODULES, and busybox, into /tmp of $folder/new, and writes the initrd
# there. Its init mounts the usual file systems and runs standard input. FILES, in /tmp of $folder/new, are in the
# initrd, too.
guest() { # NAME RELEASE MODULES [FILE...]
	tmp=$folder/new/tmp modules=$folder/$1/usr/lib/modules/$2
	[ -e "$modules" ] || modules=$folder/$1/lib/modules/$2
	# From 7.3 on Debian has the image beside the modules.
	cp "$folder/$1/boot/vmlinuz-$2" "$tmp/kernel" 2> "$folder/said" || cp "$modules/vmlinuz" "$tmp/kernel"
	cp "$folder/new/usr/bin/busybox" "$tmp"
	for module in $3; do
		if [ -e "$modules/kernel/$module.ko" ]; then
			cp "$modules/kernel/$module.ko" "$tmp"
		else
			cp "$modules/kernel/$module.ko.xz" "$tmp"
			inside new xz -d "${module##*/}.ko.xz"
		fi
		set -- "$@" "${module##*/}.ko"
	done
	{
		cat <<- 'END'
			#!/busybox sh
			/busybox mkdir /proc /sys /dev
			/busybox mount -t proc proc /proc
			/busybox mount -t sysfs sysfs /sys
			/busybox mount -t devtmpfs dev /dev
		END
		cat
		echo '/busybox poweroff -f'
	} > "$tmp/init"
	chmod +x "$tmp/init"
	shift 3
	inside new busybox find init busybox "$@" |
		inside new busybox cpio -o -H newc > "$tmp/initrd" 2> "$folder/said"
}

# Makes a guest whose init runs standard input in a folder of null_blk in configfs.
null_blk_guest() { # NAME RELEASE [FILE...]
	name=$1 release=$2
	shift 2
	{
		cat <<- 'END'
			/busybox insmod /configfs.ko
			/busybox insmod /null_blk.ko nr_devices=0
			/busybox mount -t configfs configfs /sys/kernel/config
			/busybox mkdir /sys/kernel/config/nullb/disk
			cd /sys/kernel/config/nullb/disk
		END
		cat
	} | guest "$name" "$release" 'fs/configfs/configfs drivers/block/null_blk/null_blk' "$@"
}

# Copies the perl of $folder/new and its libraries to /tmp there: perl, lib and lib64.
perl_for_guest() {
	tmp=$folder/new/tmp
	mkdir -p "$tmp/lib64" "$tmp/lib/x86_64-linux-gnu"
	cp "$folder/new/usr/bin/perl" "$tmp"
	cp -L "$folder/new/usr/lib64/ld-linux-x86-64.so.2" "$tmp/lib64"
	for library in libc.so.6 libm.so.6 libcrypt.so.1; do
		cp -L "$folder/new/usr/lib/x86_64-linux-gnu/$library" "$tmp/lib/x86_64-linux-gnu"
	done
}

# Boots the kernel and initrd in /tmp of $folder/new; prints what the guest prints after "answer ", in one line.
boot() { # CPUS
	inside new qemu-system-x86_64 -accel tcg -cpu max -nodefaults -display none -no-reboot -m 512 -serial stdio \
		-kernel kernel -initrd initrd -append 'console=ttyS0 quiet panic=-1' -smp "$1" < /dev/null | tr -d '\r' |
		sed -n 's/^answer //p' | paste -sd ' '
}

# Prints the result of the finding; exits with status 1 if it differs from the recorded result SEEN-BEFORE.
found() { # VERSION EXPECTED SEEN-BEFORE SEEN
	printf 'version:   %s\nexpected:  %s\nseen:      %s\n' "$1" "$2" "$4"
	[ "$3" = "$4" ] || {
		echo "changed:   it was '$3'"
		exit 1
	}
}
