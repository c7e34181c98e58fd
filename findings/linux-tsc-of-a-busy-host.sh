#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The clock of a guest runs several times too fast if the host was busy while the guest booted
#
# The guest runs in QEMU without KVM, and its TSC is the host's. Linux calibrates the TSC against the PIT for
# 10 ms. If QEMU loses the CPU just after the guest has programmed the PIT, the guest sees only a few TSC ticks
# until the PIT expires, and computes too low a TSC frequency. Linux calibrates against the HPET at the same
# time, sees the difference and logs a warning, but uses the value of the PIT. The later refined calibration is
# rejected because it differs by more than 1 %. The guest's clock then runs too fast, and the guest reports RCU
# stalls and soft lockups. tsc=reliable, which is common for guests, disables the clocksource watchdog, which
# would notice.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

most=45 # boots, three at a time; the bug shows in one of three to ten boots
old=6.12.117+deb13-amd64
unpack guest trixie "linux-image-$old=6.12.117-1" qemu-system-x86=1:10.0.13+ds-0+deb13u1
cp "$folder/guest/boot/vmlinuz-$old" "$folder/guest/tmp/kernel"

busy=
trap 'kill $busy 2> /dev/null; rm -rf "$folder"' EXIT
for _ in $(seq $((6 * $(nproc)))); do
	(while :; do :; done) &
	busy="$busy $!"
done

# The guest has no root file system, so it panics after the calibration, and QEMU exits.
boot() { # LOG
	inside guest timeout 120 qemu-system-x86_64 -accel tcg -cpu max -nodefaults -display none -no-reboot -m 512 \
		-smp 2 -serial stdio -kernel kernel -append 'console=ttyS0 panic=-1 tsc=reliable lpj=8000000 no_timer_check' \
		< /dev/null 2> /dev/null | tr -d '\r' > "$1"
}

boots=0 hit=
while [ $boots -lt $most ] && [ -z "$hit" ]; do
	pids=
	for n in 1 2 3; do
		boot "$folder/log.$n" &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # several
	wait $pids
	boots=$((boots + 3))
	# Find a boot whose HPET value (kHz) is more than 1.5 times the PIT's and that used the PIT's (MHz).
	hit=$(cat "$folder"/log.[123] | awk '/PIT calibration deviates from HPET:/ { pit = $(NF - 1); hpet = $NF }
		/tsc: Detected/ { if (hpet > 1.5 * pit && $(NF - 2) * 1000 < 1.1 * pit)
			{ print pit, hpet; exit } pit = hpet = 0 }')
done
echo "boots: $boots; kHz by the PIT, and by the HPET: ${hit:-never different}"
found "Linux 6.12.117-1, QEMU 10.0.13" 'the value of the HPET, or a clock that is late' \
	'the value of the PIT, and a clock that is too fast' \
	"$([ -n "$hit" ] && echo 'the value of the PIT, and a clock that is too fast' || echo "the right value in $boots boots")"
