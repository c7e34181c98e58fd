#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A write of zero bytes to a configfs attribute fails with EFAULT
#
# write(2) with a count of 0 does nothing and returns 0, and so it does for sysfs attributes. configfs calls
# copy_from_user() even then, and takes "0 bytes copied" for an unmapped address. The script writes to an
# attribute of null_blk in a guest. scripts/programs/fuzz.c therefore has to allow EFAULT for empty writes.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack_6_12

perl_for_guest
null_blk_guest new "$release" perl lib lib64 << 'END_INIT'
for file in size /sys/module/printk/parameters/time; do
	/perl -e 'open(F, ">", $ARGV[0]); my $n = syswrite(F, "", 0);
		print "answer ", defined($n) ? $n : $! == 14 ? "EFAULT" : $! + 0, "\n"' $file
done
END_INIT
said=$(boot 1)
found "Linux 6.12.117-1, QEMU 10.0.13" 'configfs and sysfs: 0 0' 'configfs and sysfs: EFAULT 0' "configfs and sysfs: $said"
