#!/bin/sh
# Installs Debian's headless Chromium with Mesa's software renderer where no Chromium is found. Only tests need it.
set -eu
for path in /usr/lib/chromium/chromium-headless-shell /usr/bin/chromium-headless-shell /usr/bin/chromium; do
  if [ -x "$path" ]; then exit 0; fi
done
if [ "$(id -u)" != 0 ]; then
  echo "No Chromium was found. Install it with: sudo apt-get install chromium-headless-shell" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium-headless-shell libegl1 libegl-mesa0 libgl1-mesa-dri libgles2 fonts-noto-cjk >/dev/null
