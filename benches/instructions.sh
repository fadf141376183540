#!/usr/bin/env bash
# Counts instructions a row against the floor; fails above the bound. Needs valgrind, and installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not installed; this measurement needs it (package \`valgrind\`)" >&2
  exit 1
fi
cargo run --quiet --release -p relata-benches --bin instructions
