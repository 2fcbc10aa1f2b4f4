#!/bin/sh
# Runs before a removal; `remove` (deb) and `0` (rpm) tell it from an upgrade. Data folders always stay.
set -e
case "$1" in
  remove | 0)
    if [ -d /run/systemd/system ]; then
      systemctl disable --now nosmoke-hub.service || true
    fi
    ;;
esac
