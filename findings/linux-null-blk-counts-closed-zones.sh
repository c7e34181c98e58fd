#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# null_blk counts zones as open that no longer exist
#
# Writing 0 and then 1 to "power" makes a new disk, all zones of which are empty. The numbers of open and closed zones
# belong to the folder in configfs, and nothing sets them to 0, so that they still count the zones of the old disk. Each
# cycle uses up another part of zone_max_active, until the disk takes no write at all. The script writes 4 KiB to the
# first zone of a disk with zone_max_active=1, before and after such a cycle. 6.1, 6.12 and 7.3 have the same code.
# cxxnull keeps the numbers with the disk; scripts/guests/configfs.guest checks it.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack_6_12

null_blk_guest new "$release" << 'END_INIT'
for setting in zoned=1 zone_size=1 size=4 zone_max_active=1; do
	echo "${setting#*=}" > "${setting%=*}"
done
for cycle in first second; do
	echo 1 > power
	if /busybox dd if=/dev/zero of=/dev/disk bs=4096 count=1 conv=fsync 2> /dev/null; then
		echo "answer $cycle: written"
	else
		echo "answer $cycle: refused"
	fi
	echo 0 > power
done
END_INIT
said=$(boot 1)
found "Linux 6.12.117-1, QEMU 10.0.13" 'first: written second: written' 'first: written second: refused' "$said"
