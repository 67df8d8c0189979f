#!/usr/bin/env bash
# A whole Ceph cluster on loopback, in memory: one monitor, one object store daemon, one S3 gateway.
#   rados-gateway.sh GATEWAY_PORT MONITOR_PORT ACCESS_KEY SECRET_KEY pipe|forever
# `pipe` ends the cluster when standard input closes, so that it cannot outlive the process that holds
# the other end. Runs inside its Debian root (enter-root.sh); everything it writes is on a tmpfs.
set -euo pipefail
gateway_port=$1 monitor_port=$2 access_key=$3 secret_key=$4 lifetime=$5
data=/run/cluster
conf=$data/ceph.conf

configure() {
  mkdir -p "$data"/{mon,osd,rgw,log}
  touch "$data/keyring"
  fsid=$(cat /proc/sys/kernel/random/uuid)
  cat > "$conf" <<CONF
[global]
fsid = $fsid
mon host = [v1:127.0.0.1:$monitor_port]
mon initial members = a
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
# Loopback only, for the length of a test run: no keys between the daemons.
auth cluster required = none
auth service required = none
auth client required = none
keyring = $data/keyring
run dir = $data
admin socket = $data/\$name.asok
pid file =
log file = $data/log/\$name.log
# A single store holds every pool.
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
mon data avail crit = 1
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
[mon.a]
mon data = $data/mon
[osd.0]
osd data = $data/osd
osd objectstore = memstore
memstore device bytes = 8589934592
[client.rgw.a]
rgw data = $data/rgw
rgw frontends = beast endpoint=127.0.0.1:$gateway_port
rgw dns name = localhost
rgw enable usage log = false
# Removed objects give their memory back at once, not after two hours: the store is in memory.
rgw gc obj min wait = 2
rgw gc processor period = 2
rgw gc processor max time = 30
rgw s3 auth use sts = false
CONF
}

# A store gives up when the monitor, made a moment ago, does not know its own cluster yet.
persistent_store() {
  local attempt
  for attempt in {1..20}; do
    ceph-osd -c "$conf" -i 0 -f || echo "store: attempt $attempt ended" >&2
    sleep 0.2
  done
}

cluster() {
  configure
  monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:127.0.0.1:$monitor_port]" "$data/monmap"
  ceph-mon -c "$conf" -i a --mkfs --monmap "$data/monmap"
  ceph-mon -c "$conf" -i a -f &
  local store
  store=$(cat /proc/sys/kernel/random/uuid)
  timeout 30 ceph -c "$conf" osd new "$store"
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$store"
  persistent_store &
  timeout 60 radosgw-admin -c "$conf" -n client.rgw.a user create --uid=test --display-name=test \
    --access-key="$access_key" --secret-key="$secret_key"
  radosgw -c "$conf" -n client.rgw.a -f
}

# Jobs in the background would get no standard input.
exec 3<&0 < /dev/null
cluster &
jobs=($!)
if [[ $lifetime == pipe ]]; then
  cat <&3 > /dev/null &
  jobs+=($!)
fi
wait -n "${jobs[@]}"
