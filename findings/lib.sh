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

# Prints the result of the finding; exits with status 1 if it differs from the recorded result SEEN-BEFORE.
found() { # VERSION EXPECTED SEEN-BEFORE SEEN
	printf 'version:   %s\nexpected:  %s\nseen:      %s\n' "$1" "$2" "$4"
	[ "$3" = "$4" ] || {
		echo "changed:   it was '$3'"
		exit 1
	}
}
