#!/bin/sh
# A PostgreSQL of one's own for tests and laptops: postgres.sh start|stop DIR PORT
# Listens on 127.0.0.1 without password; prints the address for KENTONGAN_TEST_POSTGRES.
set -eu

usage() {
    echo "usage: $0 start|stop DIR PORT" >&2
    exit 2
}
[ $# -eq 3 ] || usage
action=$1 dir=$2 port=$3

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /missing/initdb)")
[ -x "$bin/initdb" ] || { echo "$0: initdb not found; on Debian: apt-get install postgresql" >&2; exit 1; }

# initdb refuses root: another user owns the folder then, and must be able to walk to it.
as() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case $action in
start)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres "$dir"
        runuser -u postgres -- test -x "$dir" || { echo "$0: user postgres cannot reach $dir" >&2; exit 1; }
    fi
    if [ ! -f "$dir/data/PG_VERSION" ]; then
        as "$bin/initdb" -D "$dir/data" -U kentongan --auth=trust --encoding=UTF8 --locale=C >"$dir/initdb.log"
    fi
    as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/postgres.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200" start >/dev/null
    as "$bin/createdb" -h 127.0.0.1 -p "$port" -U kentongan kentongan 2>/dev/null || true
    echo "postgres://kentongan@127.0.0.1:$port/kentongan"
    ;;
stop)
    as "$bin/pg_ctl" -D "$dir/data" -m fast -w stop >/dev/null
    ;;
*) usage ;;
esac
