#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A write of zero bytes to a configfs attribute fails with EFAULT
#
# write(2) with a count of 0 does nothing and returns 0, and so it does for sysfs attributes. configfs calls
# copy_from_user() even then, and takes "0 bytes copied" for an unmapped address. The script writes to an
# attribute of null_blk in a guest. scripts/programs/fuzz.c therefore has to allow EFAULT for empty writes.

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
for file in /sys/kernel/config/nullb/disk/size /sys/module/printk/parameters/time; do
	/perl -e 'open(F, ">", $ARGV[0]); my $n = syswrite(F, "", 0);
		print "answer ", defined($n) ? $n : $! == 14 ? "EFAULT" : $! + 0, "\n"' $file
done
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
said=$(inside new qemu-system-x86_64 -accel tcg -cpu max -nodefaults -display none -no-reboot -m 512 -serial stdio \
	-kernel kernel -initrd initrd -append 'console=ttyS0 quiet panic=-1' < /dev/null | tr -d '\r' |
	sed -n 's/^answer //p' | paste -sd ' ')
found "Linux 6.12.117-1, QEMU 10.0.13" 'configfs and sysfs: 0 0' 'configfs and sysfs: EFAULT 0' "configfs and sysfs: $said"
