#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# null_blk reads zeroes where data was written, if a block of 4096 bytes is read into two pages
#
# A memory-backed null_blk with blocksize=4096 keeps a bit for each sector of 512 bytes that was written, but a write of
# a block sets only the bit of the sector that it begins in. A read tests the bit of the sector where each piece of the
# buffer begins. Direct I/O accepts a buffer that is aligned to 512 bytes (queue/dma_alignment), so a block may have two
# pieces, and the second one begins in a sector without a bit. The script writes a block from an aligned buffer, and reads
# it into a buffer that begins in the middle of a page. 7.3 has the same code, and accepts buffers at any even address.
# cxxnull keeps no such bits; scripts/guests/kernels.guest reads in many pieces.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack_6_12

perl_for_guest
null_blk_guest new "$release" perl lib lib64 << 'END_INIT'
for setting in memory_backed=1 blocksize=4096 size=4 power=1; do
	echo "${setting#*=}" > "${setting%=*}"
done
/perl -e '
	# O_RDWR | O_DIRECT
	sysopen(my $disk, "/dev/disk", 2 | 040000) or die;
	my $buffer = "\0" x 16384;
	my $aligned = -unpack("J", pack("p", $buffer)) & 4095;
	substr($buffer, $aligned, 4096) = "x" x 4096;
	syswrite($disk, $buffer, 4096, $aligned) == 4096 or die "write: $!";
	for my $offset (0, 2048) {
		substr($buffer, $aligned, 8192) = "-" x 8192;
		sysseek($disk, 0, 0);
		# A longer read would move the buffer.
		my $got = sysread($disk, $buffer, 4096, $aligned + $offset);
		my $data = substr($buffer, $aligned + $offset, 4096);
		print "answer offset $offset: $got bytes, ", ($data =~ tr/x//), " as written\n";
	}' 2>&1
END_INIT
said=$(boot 1)
found "Linux 6.12.117-1, QEMU 10.0.13" 'offset 0: 4096 bytes, 4096 as written offset 2048: 4096 bytes, 4096 as written' \
	'offset 0: 4096 bytes, 4096 as written offset 2048: 4096 bytes, 2048 as written' "$said"
