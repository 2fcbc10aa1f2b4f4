#!/bin/sh
# Runs after an installation and an upgrade, of the deb and of the rpm. The hub isn't enabled by itself.
set -e
if command -v systemd-sysusers >/dev/null 2>&1; then
  systemd-sysusers nosmoke-hub.conf || true
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  systemctl try-restart nosmoke-hub.service || true
fi
