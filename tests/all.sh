#!/usr/bin/env bash
# Runs every test with its real parts: Apache Kafka, PostgreSQL, Chromium, an SMTP server, promtool.
# Installs what is missing (Debian's packages, as root), says what, starts the services on loopback in
# a folder below /tmp, stops them at the end, and fails if any suite was left out.
set -euo pipefail
cd "$(dirname "$0")/.."
export KENTONGAN_TEST_ALL=1
# A run builds once: the compiler's notes for the next build would only double the folder.
export CARGO_INCREMENTAL=0
# Not below target/: PostgreSQL runs as a user of its own, who must be able to walk to its folder.
services=$(mktemp -d /tmp/kentongan-services.XXXXXX)
chmod 755 "$services"

say() { printf '\n== %s\n' "$*"; }

install_missing() {
  local packages=()
  need() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || packages+=("$2"); }
  need java openjdk-17-jre-headless
  need keytool openjdk-17-jre-headless
  need mvn maven
  need chromium chromium
  need chromedriver chromium-driver
  need promtool prometheus
  need perl perl
  need strace strace
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || packages+=(postgresql)
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || packages+=(python3-aiosmtpd)
  if [ "${#packages[@]}" -eq 0 ]; then
    say "nothing to install"
    return
  fi
  say "installing from Debian: ${packages[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "run as root, or install these first: ${packages[*]}" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$services/apt.log" 2>&1 ||
    { tail -n 20 "$services/apt.log" >&2; exit 1; }
}

stop_services() {
  deploy/kafka/kafka.sh stop "$services/kafka" >/dev/null 2>&1 || true
  deploy/postgres.sh stop "$services/postgres" 15432 >/dev/null 2>&1 || true
  [ -z "${driver:-}" ] || kill "$driver" 2>/dev/null || true
  rm -rf "$services"
}

start_services() {
  say "starting Apache Kafka, PostgreSQL and chromedriver on loopback"
  deploy/kafka/kafka.sh start "$services/kafka" 19092
  export KENTONGAN_TEST_KAFKA=127.0.0.1:19092
  KENTONGAN_TEST_POSTGRES=$(deploy/postgres.sh start "$services/postgres" 15432 | tail -n 1)
  export KENTONGAN_TEST_POSTGRES
  chromedriver --port=19515 >"$services/chromedriver.log" 2>&1 &
  driver=$!
  export KENTONGAN_TEST_CHROMEDRIVER=http://127.0.0.1:19515
}

# A linker on a full disk dies with a bus error that names no cause: said before it begins.
tests/disk.sh check "${CARGO_TARGET_DIR:-target}"
install_missing
trap stop_services EXIT
say "formatting and lints"
cargo fmt --check
cargo clippy --workspace --all-targets --locked -- -D warnings
start_services
say "all suites"
cargo test --workspace --locked --no-run
tests/disk.sh built "${CARGO_TARGET_DIR:-target}"
cargo test --workspace --locked --no-fail-fast
say "the build with TLS, against a broker with SASL_SSL and SCRAM"
KENTONGAN_TEST_KAFKA_TLS=1 cargo test --package stream --features tls --locked --test limits tls
