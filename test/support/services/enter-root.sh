#!/usr/bin/env bash
# Runs a bash script inside a Debian root: enter-root.sh ROOT SCRIPT ARGUMENT…
#
# To be started as the first process of its own mount and process namespaces (see debian-root.ts).
# Nothing is ever mounted on the host: the mounts below exist for these processes alone, and the kernel
# undoes them and ends every process when the first one ends, however it ends.
set -euo pipefail
root=$1 script=$2
shift 2

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"

exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
  /bin/bash -c "$(cat "$script")" "$(basename "$script")" "$@"
