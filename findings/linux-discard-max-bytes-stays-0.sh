#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Writing 0 to queue/discard_max_bytes switches discard off for good
#
# The file is writable, so that a limit can be lowered and restored, and 0 switches discard off. While it is off,
# queue/discard_granularity reads as 0: the block layer sets the queue's own limit to 0, and forgets what the driver
# had set. The next value for discard_max_bytes must be a multiple of the granularity; the test for it is an AND with
# granularity - 1, which has all bits set now, so that each value but 0 fails with EINVAL. Linux 6.1 accepts the value,
# 7.3.4 does not. A null block disk that is powered off and on again can discard, since that makes a new disk.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack_6_12

null_blk_guest new "$release" << 'END_INIT'
for setting in memory_backed=1 discard=1 size=4 power=1; do
	echo "${setting#*=}" > "${setting%=*}"
done
cd /sys/block/disk/queue
for bytes in 65536 0 65536; do
	if echo $bytes > discard_max_bytes; then
		echo "answer $bytes: accepted"
	else
		echo "answer $bytes: refused"
	fi
done 2> /dev/null
END_INIT
said=$(boot 1)
found "Linux 6.12.117-1, QEMU 10.0.13" '65536: accepted 0: accepted 65536: accepted' \
	'65536: accepted 0: accepted 65536: refused' "$said"
