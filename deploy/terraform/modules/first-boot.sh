#!/bin/sh
# A web host that was made of another one's image takes a name of its own, or both would write one tracking log; and it
# serves the release that was published, not the one of the image. A second run changes nothing.
set -eu
etc=${LYKEION_ETC:-/etc/lykeion}
settings=$etc/lykeion.env
name=at-$(hostname -I | cut -d ' ' -f 1 | tr . -)
if [ ! -e "$etc/follows" ]; then
    touch "$etc/follows"
    systemctl start lykeion-follows.service
    systemctl --no-block start lykeion-follow.service lykeion-follow.timer
fi
if grep -q '^LYKEION_HOST_NAME=' "$settings" && ! grep -q "^LYKEION_HOST_NAME=\"$name\"\$" "$settings"; then
    sed -i "s/^LYKEION_HOST_NAME=.*/LYKEION_HOST_NAME=\"$name\"/" "$settings"
    systemctl try-restart lykeion-lms.service lykeion-studio.service
fi
