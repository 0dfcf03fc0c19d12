#!/bin/sh
# A web host that was made of another one's image takes a name of its own, or both would write one tracking log.
# A second run changes nothing.
set -eu
settings=${LYKEION_ETC:-/etc/lykeion}/lykeion.env
name=at-$(hostname -I | cut -d ' ' -f 1 | tr . -)
if grep -q '^LYKEION_HOST_NAME=' "$settings" && ! grep -q "^LYKEION_HOST_NAME=\"$name\"\$" "$settings"; then
    sed -i "s/^LYKEION_HOST_NAME=.*/LYKEION_HOST_NAME=\"$name\"/" "$settings"
    systemctl try-restart lykeion-lms.service lykeion-studio.service
fi
