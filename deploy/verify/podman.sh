#!/usr/bin/env bash
# Podman as it works for root on a machine without systemd, and where the Swift toolchain is. Sourced.

# shellcheck source=deploy/prerequisites.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prerequisites.sh"

[ "$(id -u)" -eq 0 ] || die "this needs root: it makes containers, and stops their processes from outside."

install_packages containers

export CONTAINERS_CONF=${XDG_CACHE_HOME:-$HOME/.cache}/tradewind/containers.conf
mkdir -p "$(dirname "$CONTAINERS_CONF")"
cat >"$CONTAINERS_CONF" <<'EOF'
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
[containers]
default_ulimits = ["nofile=8192:8192", "nproc=8192:8192"]
log_driver = "k8s-file"
EOF

# The directory above the toolchain's usr/bin.
swift_toolchain() {
    local swift
    swift=$(readlink -f "$(command -v swift)") || die "there is no Swift toolchain here."
    dirname "$(dirname "$(dirname "$swift")")"
}
