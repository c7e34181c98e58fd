#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux 6.12 forgets a bad block while another part of the list changes
#
# badblocks_check() reads the list under a seqlock, and starts again if the list has changed meanwhile. In 6.12
# the second pass begins where the first one ended, with no sectors left to look at, so it finds nothing: a
# request to a bad block succeeds, although nobody touched that block's entry. 6.1 and 7.3 start from the
# first sector again. In a guest with two CPUs a process reads a bad block of null_blk 20,000 times: each read
# fails, as it should. Then another process adds and removes an entry far away meanwhile.
# src/glue/block/badblocks.c therefore searches the list itself.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack_6_12

perl_for_guest
null_blk_guest new "$release" perl lib lib64 << 'END_INIT'
echo 1 > power
echo +0-7 > badblocks
/perl -e '
	open(LIST, ">", "badblocks"); open(DISK, "<", "/dev/disk");
	sub succeeds { sysseek(DISK, 0, 0); return defined(sysread(DISK, my $data, 4096)); }
	my $alone = 0;
	$alone += succeeds() for 1 .. 20000;
	if (fork() == 0) { for (;;) { syswrite(LIST, "+1000-1000"); syswrite(LIST, "-1000-1000"); } }
	my $end = time + 120;
	1 until succeeds() or time > $end;
	print "answer ", $alone ? "one succeeds" : "all fail", "; ", time > $end ? "all fail" : "one succeeds", "\n"'
END_INIT
said=$(boot 2)
found "Linux 6.12.117-1, QEMU 10.0.13" 'reads of a bad block: all fail; all fail' 'reads of a bad block: all fail; one succeeds' \
	"reads of a bad block: $said"
