#!/usr/bin/env bash
# The room that a run of tests/all.sh needs on the disk of its target folder.
#   disk.sh check TARGET [FREE]   fails and says what was counted where less is free (FREE in MB instead of df's word)
#   disk.sh built TARGET          marks that all that a run builds lies there
set -euo pipefail
cd "$(dirname "$0")/.."
target=$2
# As `du -sm target/debug` says after a run (November 2026), and what services and tests write beside it.
whole=8100
beside=900

# What the files of a build depend on: with another compiler or other libraries they are made anew.
made_of() { rustc --version; cksum <Cargo.lock; }

# How many MB of a whole build lie there already.
there() {
  local debug=$target/debug
  if [ ! -d "$debug" ]; then
    echo 0
  elif [ -f "$debug/.built" ] && [ "$(made_of)" = "$(cat "$debug/.built")" ]; then
    echo "$whole"
  elif [ -d "$debug/incremental" ]; then
    # A developer's build has programs of its own, which a run links anew: only libraries are used again.
    sum "$debug/deps" "$debug/build" -name '*.*'
  else
    sum "$debug"
  fi
}

# The MB of the files that `find` finds; of what is missing, or goes meanwhile, none.
sum() { { find "$@" -type f -printf '%s\n' 2>/dev/null || true; } | awk '{ all += $1 } END { printf "%d", all / 1048576 }'; }

gb() { printf '%d.%d GB' $(($1 / 1000)) $(($1 % 1000 / 100)); }

case $1 in
built) made_of >"$target/debug/.built" ;;
check)
  disk=$target
  [ -d "$disk" ] || disk=.
  free=${3:-$(df --output=avail -BM "$disk" | tail -n 1 | tr -dc 0-9)}
  there=$(there)
  [ "$there" -le "$whole" ] || there=$whole
  if [ "$free" -lt $((whole - there + beside)) ]; then
    echo "not enough disk: $(gb "$free") are free where $(gb $((whole - there + beside))) are needed:" \
      "the whole build takes about $(gb $whole) below $target, of which $(gb "$there") lie there and are used again;" \
      "services and tests write about $(gb $beside)" >&2
    exit 1
  fi
  ;;
esac
