#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# zram returns the halves of a block in the wrong order, if it is read into a buffer that crosses a page boundary
#
# A zram disk has blocks of 4096 bytes, and queue/dma_alignment is 511, so direct I/O accepts a buffer that begins in the
# middle of a page. The block layer passes its two pieces to the driver. If a page has 4096 bytes, zram takes each piece
# for a whole page: it copies the block once for each piece, to the page's begin, so that the first half of the buffer
# holds the second half of the block. The read succeeds.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

release=7.3.4+deb13-amd64
unpack new 'trixie trixie-backports' "linux-binary-$release=7.3.4-1~bpo13+1" "linux-modules-$release=7.3.4-1~bpo13+1" \
	qemu-system-x86=1:10.0.13+ds-0+deb13u1 busybox-static=1:1.37.0-6+b9 perl-base=5.40.1-6+deb13u1 \
	xz-utils=5.8.1-1+deb13u2

perl_for_guest
guest new "$release" 'lib/lz4/lz4hc_compress drivers/block/zram/zram' perl lib lib64 << 'END_INIT'
/busybox insmod /lz4hc_compress.ko
/busybox insmod /zram.ko
echo 4M > /sys/block/zram0/disksize
echo "answer dma_alignment $(/busybox cat /sys/block/zram0/queue/dma_alignment)"
/perl -e '
	# O_RDWR | O_DIRECT
	sysopen(my $disk, "/dev/zram0", 2 | 040000) or die;
	my $buffer = "-" x 16384;
	my $aligned = -unpack("J", pack("p", $buffer)) & 4095;
	substr($buffer, $aligned, 4096) = "a" x 2048 . "b" x 2048;
	syswrite($disk, $buffer, 4096, $aligned) == 4096 or die "write: $!";
	for my $offset (0, 2048) {
		sysseek($disk, 0, 0);
		my $got = sysread($disk, $buffer, 4096, $aligned + $offset);
		# A read cuts the string behind the data.
		(my $data = substr($buffer, $aligned + $offset, 4096)) =~ tr/a-b//s;
		print "answer offset $offset: $data\n";
		$buffer .= "-" x (16384 - length($buffer));
	}' 2>&1
END_INIT
said=$(boot 1)
found "Linux 7.3.4-1~bpo13+1, QEMU 10.0.13" 'dma_alignment 511 offset 0: ab offset 2048: ab' \
	'dma_alignment 511 offset 0: ab offset 2048: ba' "$said"
