#!/bin/sh
# box.sh NIC IMAGE FOLDER: a "device" for the example, where there is no real one: strongSwan with its own IPsec (kernel-libipsec), in namespaces of this machine, at the other
# end of a cable (veth) that begins at NIC. IMAGE is a file system with charon-systemd and swanctl; FOLDER is an empty one. Runs until it is told to end, and leaves
# nothing: processes, mounts and cable end with it. FOLDER/ready says that it is there.
set -e
nic=$1 image=$2 folder=$3
mkdir -p "$folder/box"
ip link add "$nic" type veth peer name "$nic-x"
# unshare takes no notice of TERM; what it began is killed with it.
trap 'kill -KILL "$box" 2>/dev/null; ip link delete "$nic" 2>/dev/null; exit 0' INT TERM

unshare --net --mount --pid --fork --kill-child sh -ec '
  cd "$1"
  mount -t tmpfs tmpfs box
  mkdir box/image box/upper box/work box/root
  mount -o loop,ro "$0" box/image
  mount -t overlay -o lowerdir=box/image,upperdir=box/upper,workdir=box/work overlay box/root
  mount -t proc proc box/root/proc
  mount -t sysfs sysfs box/root/sys
  mount --rbind /dev box/root/dev
  mount -t tmpfs run box/root/run
  mount -t tmpfs tmp box/root/tmp
  while ! ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip link set lo up
  ip link set eth0 up
  : >ready
  exec sleep infinity
' "$image" "$folder" &
box=$!
while test "$(readlink /proc/$box/ns/net)" = "$(readlink /proc/self/ns/net)"; do sleep 0.05; done
ip link set "$nic-x" netns "$box" name eth0
ip link set "$nic" addrgenmode none up
while ! test -e "$folder/ready"; do kill -0 "$box"; sleep 0.05; done
cat "/proc/$box/task/$box/children" >"$folder/pid"
wait "$box"
