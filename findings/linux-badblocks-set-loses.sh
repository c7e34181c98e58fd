#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux 6.1 adds a range of bad blocks, says that all is well, and has lost a part of it
#
# If a new range begins in an entry of the list and contains another one, badblocks_set() of 6.1 computes the length
# of both together as if the other entry ended last. The range then ends where the contained entry ended. The
# script gives null_blk the sectors 0 to 9, 20 to 29, and 5 to 34: each write succeeds, and the sectors 30 to 34 are
# good. src/glue/compat.h therefore adds a range in pieces that end where the next entry begins.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

release=6.1.0-50-amd64
unpack old bookworm "linux-image-$release=6.1.176-1"
unpack new trixie qemu-system-x86=1:10.0.13+ds-0+deb13u1 busybox-static=1:1.37.0-6+b9

null_blk_guest old "$release" << 'END_INIT'
for range in +0-9 +20-29 +5-34; do
	echo $range > badblocks || echo "answer $range fails"
done
echo "answer $(/busybox cat badblocks)"
END_INIT
said=$(boot 1)
found "Linux 6.1.176-1, QEMU 10.0.13" 'bad blocks from sector 0: 0 35' 'bad blocks from sector 0: 0 30' \
	"bad blocks from sector 0: $said"
