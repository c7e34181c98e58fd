#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux 6.1 adds a range of bad blocks, says that all is well, and has lost a part of it
#
# If a new range begins in an entry of the list and contains another one, badblocks_set() of 6.1 computes the length
# of both together as if the other entry ended last. The range then ends where the contained entry ended. The
# script gives null_blk the sectors 0 to 9, 20 to 29, and 5 to 34: each write succeeds, and the sectors 30 to 34 are
# good. src/glue/block/badblocks.c therefore adds a range in pieces that end where the next entry begins.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

release=6.1.0-50-amd64
unpack old bookworm "linux-image-$release=6.1.176-1"
unpack new trixie qemu-system-x86=1:10.0.13+ds-0+deb13u1 busybox-static=1:1.37.0-6+b9

file new init << 'END_INIT'
#!/busybox sh
/busybox mkdir /proc /sys /dev
/busybox mount -t proc proc /proc
/busybox mount -t sysfs sysfs /sys
/busybox insmod /configfs.ko
/busybox insmod /null_blk.ko nr_devices=0
/busybox mount -t configfs configfs /sys/kernel/config
/busybox mkdir /sys/kernel/config/nullb/disk
cd /sys/kernel/config/nullb/disk
for range in +0-9 +20-29 +5-34; do
	echo $range > badblocks || echo "answer $range fails"
done
echo "answer $(/busybox cat badblocks)"
/busybox poweroff -f
END_INIT
tmp=$folder/new/tmp
chmod +x "$tmp/init"
for module in fs/configfs/configfs drivers/block/null_blk/null_blk; do
	cp "$folder/old/lib/modules/$release/kernel/$module.ko" "$tmp"
done
cp "$folder/old/boot/vmlinuz-$release" "$tmp/kernel"
cp "$folder/new/usr/bin/busybox" "$tmp"
printf '%s\n' init busybox configfs.ko null_blk.ko |
	inside new busybox cpio -o -H newc > "$tmp/initrd" 2> "$folder/said"
said=$(inside new qemu-system-x86_64 -accel tcg -cpu max -nodefaults -display none -no-reboot -m 512 -serial stdio \
	-kernel kernel -initrd initrd -append 'console=ttyS0 quiet panic=-1' < /dev/null | tr -d '\r' |
	sed -n 's/^answer //p' | paste -sd ' ')
found "Linux 6.1.176-1, QEMU 10.0.13" 'bad blocks from sector 0: 0 35' 'bad blocks from sector 0: 0 30' \
	"bad blocks from sector 0: $said"
