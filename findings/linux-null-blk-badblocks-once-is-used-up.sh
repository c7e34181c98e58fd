#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A bad block that null_blk is to report once is gone before user space can read it
#
# With badblocks_once=1 null_blk fails one request on a range of "badblocks", and then forgets the range. Writing 1 to
# "power" makes the kernel look for partitions, which reads the start of the disk. If the range is there, that read
# fails, the kernel logs an I/O error, and the test that set the range sees none. A range that the kernel does not read
# is still there. cxxnull does not look for partitions on a disk that is empty.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

release=7.3.4+deb13-amd64
unpack new 'trixie trixie-backports' "linux-binary-$release=7.3.4-1~bpo13+1" "linux-modules-$release=7.3.4-1~bpo13+1" \
	qemu-system-x86=1:10.0.13+ds-0+deb13u1 busybox-static=1:1.37.0-6+b9 xz-utils=5.8.1-1+deb13u2

null_blk_guest new "$release" << 'END_INIT'
for setting in memory_backed=1 size=4 badblocks_once=1 badblocks=+0-7 badblocks=+4096-4103 power=1; do
	echo "${setting#*=}" > "${setting%%=*}"
done
for sector in 0 4096; do
	if /busybox dd if=/dev/disk of=/dev/null bs=512 count=8 skip=$sector iflag=direct 2> /dev/null; then
		echo "answer sector $sector: read"
	else
		echo "answer sector $sector: error"
	fi
done
END_INIT
said=$(boot 1)
found "Linux 7.3.4-1~bpo13+1, QEMU 10.0.13" 'sector 0: error sector 4096: error' 'sector 0: read sector 4096: error' "$said"
