#!/bin/sh
# Installs what only tests need, where it is missing: Debian's headless Chromium with Mesa's software renderer, and Mosquitto.
set -eu
packages=""
browser=""
for path in /usr/lib/chromium/chromium-headless-shell /usr/bin/chromium-headless-shell /usr/bin/chromium; do
  if [ -x "$path" ]; then browser=$path; fi
done
if [ -z "$browser" ]; then
  packages="chromium-headless-shell libegl1 libegl-mesa0 libgl1-mesa-dri libgles2 fonts-noto-cjk"
fi
if [ ! -x /usr/sbin/mosquitto ] || [ ! -x /usr/bin/mosquitto_pub ]; then
  packages="$packages mosquitto mosquitto-clients"
fi
if [ -z "$packages" ]; then exit 0; fi
if [ "$(id -u)" != 0 ]; then
  echo "Tests need programs that are missing. Install them with: sudo apt-get install $packages" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# A broker of Debian's own on port 1883 is not wanted: tests start theirs on free ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' > $policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086 - a list of packages
apt-get install -y -qq --no-install-recommends $packages >/dev/null
