#!/usr/bin/env bash
# check_unit.sh UNIT: systemd has nothing to say against the unit, and its exposure stays at or below 1.1 of 10. Exit status 77
# (skipped) where systemd-analyze is not installed.
set -euo pipefail
unit=$1
command -v systemd-analyze >/dev/null || { echo "SKIPPED: systemd-analyze is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The program is not installed where the unit looks for it.
sed 's#^ExecStart=/usr/bin/entitywatch.*#ExecStart=/bin/true#' "$unit" >"$work/entitywatch.service"
said=$(systemd-analyze verify --man=no "$work/entitywatch.service" 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
systemd-analyze security --offline=true --threshold=11 "$unit" | tail -n 1
