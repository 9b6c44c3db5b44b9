# Shared by demo, test and bench: set-up on a fresh machine, a private PostgreSQL, a tidy end.
# shellcheck shell=bash
set -euo pipefail
export LC_ALL=C.UTF-8 PGCONNECT_TIMEOUT=10 PSQLRC=/dev/null PGPASSFILE=/dev/null
unset PGHOST PGHOSTADDR PGPORT PGUSER PGDATABASE PGPASSWORD PGOPTIONS PGSERVICE PGSSLMODE

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
superuser=postgres
password=invented

if [[ -t 1 && -z ${NO_COLOR-} ]]; then
    bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' blue=$'\e[36m' off=$'\e[0m'
else
    bold='' dim='' red='' green='' blue='' off=''
fi

step() { printf '%s==> %s%s\n' "$bold" "$*" "$off" >&2; }
fail() { printf '%serror:%s %s\n' "$red" "$off" "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root, or says that it cannot.
as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"
    elif has sudo && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

# Installs Debian packages; fails where that is not possible (another system, no right, no net).
install_packages() {
    has apt-get || return 1
    step "installing $*"
    local log status=0
    log=$(mktemp)
    {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -q install -y --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null || status=$?
    [[ $status == 0 ]] || tail -n 5 "$log" >&2
    rm -f "$log"
    return "$status"
}

# The directory of the PostgreSQL server programs: $PGPURPOSE_PG_BIN, Debian's newest, the path's.
find_postgres() {
    local place
    for place in "${PGPURPOSE_PG_BIN-}" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn) \
        "$(dirname "$(command -v postgres || echo /nowhere/x)")"; do
        if [[ -x $place/initdb && -x $place/postgres ]]; then echo "$place"; return; fi
    done
    return 1
}

# Sets pg_bin; installs PostgreSQL where it is missing.
need_postgres() {
    pg_bin=$(find_postgres) || {
        install_packages postgresql postgresql-client || true
        pg_bin=$(find_postgres) ||
            fail "PostgreSQL is needed: install it, or set PGPURPOSE_PG_BIN to its bin directory"
    }
    has psql || PATH=$pg_bin:$PATH
}

# Sets pgpurpose to the program: $PGPURPOSE_BIN, or built here. Argument: dev or release.
need_pgpurpose() {
    local profile=$1
    pgpurpose=${PGPURPOSE_BIN-}
    [[ -z $pgpurpose ]] || return 0
    has cargo || fail "Rust is needed to build pgpurpose: https://rustup.rs"
    step "building pgpurpose ($profile)"
    (cd "$project" && cargo build --quiet --locked --bin pgpurpose --profile "$profile")
    local target=${CARGO_TARGET_DIR:-$project/target}
    pgpurpose=$target/$([[ $profile == dev ]] && echo debug || echo "$profile")/pgpurpose
}

# Runs a server program as a user that is not root, since PostgreSQL refuses root.
unprivileged() {
    if [[ $(id -u) != 0 ]]; then "$@"; return; fi
    setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --clear-groups "$@"
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# Starts a private PostgreSQL in $1 (made here) with further settings in $2, passwords only.
# Sets cluster and cluster_port.
start_cluster() {
    cluster=$1
    server_user=$(id -un)
    if [[ $server_user == root ]]; then
        server_user=$(id -un postgres 2>/dev/null || echo nobody)
    fi
    mkdir -p "$cluster"
    printf %s "$password" >"$cluster/password"
    [[ $(id -u) != 0 ]] || chown -R "$server_user" "$cluster"
    (cd "$cluster" && unprivileged "$pg_bin/initdb" -D "$cluster/data" --no-sync \
        --auth=scram-sha-256 --username="$superuser" --pwfile="$cluster/password" \
        --encoding=UTF8 --locale=C.UTF-8) >"$cluster/initdb.log" 2>&1 ||
        { cat "$cluster/initdb.log" >&2; fail "initdb failed"; }
    for _ in 1 2 3 4 5; do
        cluster_port=$(free_port)
        printf '%s\n' "port = $cluster_port" "listen_addresses = '127.0.0.1'" \
            "unix_socket_directories = ''" 'fsync = off' 'max_connections = 200' "${2-}" \
            >"$cluster/data/postgresql.auto.conf"
        if (cd "$cluster" && unprivileged "$pg_bin/pg_ctl" -D "$cluster/data" -w -s \
            -l "$cluster/server.log" start) >/dev/null 2>&1; then
            return
        fi
    done
    cat "$cluster/server.log" >&2
    fail "PostgreSQL does not start"
}

stop_cluster() {
    [[ -n ${cluster-} && -d $cluster/data ]] || return 0
    (cd "$cluster" && unprivileged "$pg_bin/pg_ctl" -D "$cluster/data" -w -s -m immediate stop) \
        >/dev/null 2>&1 || true
}

# psql as superuser, straight to the private server.
super_psql() {
    PGPASSWORD=$password psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$cluster_port" \
        -U "$superuser" "$@"
}

# Waits until something answers on port $1; $2 is the process, $3 its log.
wait_for_port() {
    for _ in {1..150}; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        kill -0 "$2" 2>/dev/null || break
        sleep 0.2
    done
    [[ ! -s $3 ]] || tail -n 20 "$3" >&2
    fail "nothing answers on port $1"
}

# Body of an HTTP answer: $1 port, $2 path.
http_body() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
    while IFS= read -r line <&3 && [[ $line != $'\r' ]]; do :; done
    cat <&3
    exec 3>&-
}
