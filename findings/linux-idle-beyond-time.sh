#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux 7.3 reports more idle time of a CPU than time has passed
#
# /proc/uptime shows how long the machine has run and how long its CPUs were idle. A guest with one CPU
# sleeps for 30 ms two hundred times. QEMU's -icount makes the guest's clock independent of the host.
# In 6.12 the idle time grows by a little less than the uptime, as it should. In 7.3 the idle time grows
# by more than the uptime. A timer tick that finds the CPU idle accounts the whole tick as idle, until
# the tick is stopped; from then on idle time is measured. Time that a task ran within such a tick is
# accounted twice, as idle time and as time of the task. kcpustat_field_idle() and
# get_cpu_idle_time_us() return the same values, in microseconds.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

new=7.3.4+deb13-amd64
unpack new 'trixie trixie-backports' "linux-binary-$new=7.3.4-1~bpo13+1" \
	qemu-system-x86=1:10.0.13+ds-0+deb13u1 busybox-static=1:1.37.0-6+b9
old=6.12.117+deb13-amd64
unpack old trixie "linux-image-$old=6.12.117-1"

file new init << 'END_INIT'
#!/busybox sh
/busybox mkdir /proc
/busybox mount -t proc proc /proc
/busybox sleep 3
/busybox cat /proc/uptime
for _ in $(/busybox seq 200); do /busybox usleep 30000; done
/busybox cat /proc/uptime
/busybox poweroff -f
END_INIT
cp "$(find "$folder/new/" -name vmlinuz -o -name "vmlinuz-$new")" "$folder/new/tmp/7.3"
cp "$folder/old/boot/vmlinuz-$old" "$folder/new/tmp/6.12"
chmod +x "$folder/new/tmp/init"
cp "$folder/new/usr/bin/busybox" "$folder/new/tmp"
printf '%s\n' init busybox | inside new busybox cpio -o -H newc > "$folder/new/tmp/initrd" 2> "$folder/said"

# Prints the idle time minus the uptime between the two readings, in hundredths of a second.
beyond() { # KERNEL
	inside new qemu-system-x86_64 -accel tcg -cpu max -nodefaults -display none -no-reboot -m 512 -smp 1 \
		-icount shift=0,sleep=off -serial stdio -kernel "$1" -initrd initrd \
		-append 'console=ttyS0 quiet panic=-1 tsc=reliable lpj=8000000 no_timer_check nokaslr' < /dev/null |
		tr -d '\r' | awk '$1 ~ /^[0-9.]+$/ && NF == 2 { up[++n] = $1; idle[n] = $2 }
			END { print int((idle[2] - idle[1] - (up[2] - up[1])) * 100) }'
}
is() { # HUNDREDTHS
	if [ "$1" -gt 0 ]; then echo more; else echo 'no more'; fi
}
said_old=$(beyond 6.12) said_new=$(beyond 7.3)
echo "idle time beyond the time that passed, in hundredths of a second: 6.12: $said_old, 7.3: $said_new"
found "Linux 6.12.117-1 and 7.3.4-1~bpo13+1, QEMU 10.0.13" 'idle for no more than the time that has passed' \
	'6.12: no more; 7.3: more' "6.12: $(is "$said_old"); 7.3: $(is "$said_new")"
