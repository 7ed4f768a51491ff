#!/usr/bin/env bash
# What deploy/demo and deploy/test need on a machine. Sourced by them; it does nothing by itself.

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Runs a command as root: with sudo only where it has to be.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo. Run as root: $*"
    fi
}

# The directory of PostgreSQL's server programs, where it is installed.
postgres_bin() {
    local directory
    for directory in "$(pg_config --bindir 2>/dev/null || true)" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) /usr/pgsql-*/bin; do
        if [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ]; then
            printf '%s\n' "$directory"
            return 0
        fi
    done
    return 1
}

has_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }

# The Debian packages that are missing for "demo", "test" or "containers", one a line.
missing_packages() {
    if [ "$1" = containers ]; then
        command -v podman >/dev/null || printf '%s\n' podman runc netavark aardvark-dns buildah iptables
        command -v debootstrap >/dev/null || echo debootstrap
        command -v curl >/dev/null || echo curl
        python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
        return 0
    fi
    command -v pkg-config >/dev/null || echo pkg-config
    has_library libpq || echo libpq-dev
    has_library libcurl || echo libcurl4-openssl-dev
    has_library libical || echo libical-dev
    has_library zlib || echo zlib1g-dev
    postgres_bin >/dev/null || echo postgresql
    [ -e /usr/share/zoneinfo/Asia/Taipei ] || echo tzdata
    if [ "$1" = test ]; then
        command -v shellcheck >/dev/null || echo shellcheck
        PATH="$PATH:/usr/sbin" command -v pgbouncer >/dev/null || echo pgbouncer
        python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    fi
}

# Installs what is missing for "demo", "test" or "containers", and says so. Never asks.
install_packages() {
    local packages
    mapfile -t packages < <(missing_packages "$1")
    [ "${#packages[@]}" -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null; then
        die "missing here (by their Debian names): ${packages[*]}. Install them and try again."
    fi
    say "Installing with apt-get: ${packages[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${packages[@]}" >&2
}

# Puts a Swift toolchain of at least 6.2 into PATH.
find_swift() {
    local directory version
    for directory in "" "$HOME/.local/share/swiftly/bin" "$HOME/.swiftly/bin" /usr/share/swift/usr/bin /opt/swift/usr/bin; do
        version=$(PATH="${directory:+$directory:}$PATH" swift --version 2>/dev/null |
            sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1) || true
        [ -n "$version" ] || continue
        if [ "${version% *}" -gt 6 ] || { [ "${version% *}" -eq 6 ] && [ "${version#* }" -ge 2 ]; }; then
            export PATH="${directory:+$directory:}$PATH"
            return 0
        fi
        say "Swift ${version/ /.} is too old."
    done
    die "Swift 6.2 or newer is needed. How to install it: https://www.swift.org/install/linux/"
}

# The folder of a Python environment with what deploy/verify/NAME-requirements.txt lists, made where it is missing.
python_environment() {
    local requirements environment
    requirements=$(dirname "${BASH_SOURCE[0]}")/verify/$1-requirements.txt
    environment=${XDG_CACHE_HOME:-$HOME/.cache}/tradewind/$1-$(sha256sum "$requirements" | cut -c 1-12)
    if [ ! -e "$environment/complete" ]; then
        rm -rf "$environment"
        python3 -m venv "$environment"
        "$environment/bin/pip" install -q --disable-pip-version-check --no-deps -r "$requirements" >&2
        touch "$environment/complete"
    fi
    printf '%s\n' "$environment"
}
