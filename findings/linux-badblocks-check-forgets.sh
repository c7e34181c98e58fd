#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux 6.12 forgets a bad block while another part of the list changes
#
# badblocks_check() reads the list under a seqlock, and starts again if the list has changed meanwhile. In 6.12
# the second pass begins where the first one ended, with no sectors left to look at, so it finds nothing: a
# request to a bad block succeeds, although nobody touched that block's entry. 6.1 and 7.3 start from the
# first sector again. In a guest with two CPUs a process reads a bad block of null_blk 20,000 times: each read
# fails, as it should. Then another process adds and removes an entry far away meanwhile.
# src/glue/block/badblocks.c therefore checks the seqlock around the call.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

release=6.12.117+deb13-amd64
unpack new trixie "linux-image-$release=6.12.117-1" qemu-system-x86=1:10.0.13+ds-0+deb13u1 \
	busybox-static=1:1.37.0-6+b9 perl-base=5.40.1-6+deb13u1 xz-utils=5.8.1-1+deb13u2

file new init << 'END_INIT'
#!/busybox sh
/busybox mkdir /proc /sys /dev
/busybox mount -t proc proc /proc
/busybox mount -t sysfs sysfs /sys
/busybox mount -t devtmpfs dev /dev
/busybox insmod /configfs.ko
/busybox insmod /null_blk.ko nr_devices=0
/busybox mount -t configfs configfs /sys/kernel/config
/busybox mkdir /sys/kernel/config/nullb/disk
cd /sys/kernel/config/nullb/disk
echo 1 > power
echo +0-7 > badblocks
/perl -e '
	open(LIST, ">", "badblocks"); open(DISK, "<", "/dev/disk");
	sub succeeds { sysseek(DISK, 0, 0); return defined(sysread(DISK, my $data, 4096)); }
	my $alone = 0;
	$alone += succeeds() for 1 .. 20000;
	if (fork() == 0) { for (;;) { syswrite(LIST, "+1000-1000"); syswrite(LIST, "-1000-1000"); } }
	my ($reads, $end) = (1, time + 120);
	$reads++ until succeeds() or time > $end;
	print "reads $reads\nanswer ", $alone ? "one succeeds" : "all fail", "; ", time > $end ? "all fail" : "one succeeds", "\n"'
/busybox poweroff -f
END_INIT
tmp=$folder/new/tmp
chmod +x "$tmp/init"
for module in fs/configfs/configfs drivers/block/null_blk/null_blk; do
	inside new xz -dc "/usr/lib/modules/$release/kernel/$module.ko.xz" > "$tmp/${module##*/}.ko"
done
cp "$folder/new/boot/vmlinuz-$release" "$tmp/kernel"
cp "$folder/new/usr/bin/busybox" "$folder/new/usr/bin/perl" "$tmp"
mkdir -p "$tmp/lib64" "$tmp/lib/x86_64-linux-gnu"
cp -L "$folder/new/usr/lib64/ld-linux-x86-64.so.2" "$tmp/lib64"
for library in libc.so.6 libm.so.6 libcrypt.so.1; do
	cp -L "$folder/new/usr/lib/x86_64-linux-gnu/$library" "$tmp/lib/x86_64-linux-gnu"
done
inside new busybox find init busybox perl configfs.ko null_blk.ko lib lib64 |
	inside new busybox cpio -o -H newc > "$tmp/initrd" 2> "$folder/said"
inside new qemu-system-x86_64 -accel tcg -cpu max -smp 2 -nodefaults -display none -no-reboot -m 512 -serial stdio \
	-kernel kernel -initrd initrd -append 'console=ttyS0 quiet panic=-1' < /dev/null | tr -d '\r' > "$folder/log"
grep '^reads' "$folder/log"
found "Linux 6.12.117-1, QEMU 10.0.13" 'reads of a bad block: all fail; all fail' 'reads of a bad block: all fail; one succeeds' \
	"reads of a bad block: $(sed -n 's/^answer //p' "$folder/log")"
