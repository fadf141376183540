#!/usr/bin/env bash
# Prints how many functions a program with 0, 1 and 20 nested loads is compiled to, and how long that takes.
# They are the definitions in the program's own LLVM IR (debug, one codegen unit): what it makes of generic code, its own
# and relata's. Fails where a level costs more than the bound.
set -euo pipefail
cd "$(dirname "$0")/.."

bound=130
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CARGO_INCREMENTAL=0 LC_ALL=C
cargo build --quiet -p relata-benches --lib

count() { # the binary
  local start=$EPOCHREALTIME
  cargo rustc --quiet -p relata-benches --bin "$1" -- "--emit=llvm-ir=$folder/$1.ll" -Ccodegen-units=1
  seconds=$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')
  functions=$(grep -c '^define ' "$folder/$1.ll")
}

echo "| levels | functions | build, s |"
echo "|---|---|---|"
count levels_0
echo "| 0 | $functions | $seconds |"
count levels_1
echo "| 1 | $functions | $seconds |"
one=$functions
count deep
echo "| 20 | $functions | $seconds |"

level=$(((functions - one) / 19))
echo "a level: $level functions, bound $bound"
if ((level > bound)); then
  exit 1
fi
