#!/bin/sh
# The logins of the shop and the proxy's own, once, when the image makes the database. What each
# may use for which purpose is said in rules/roles.yaml.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$SHOP_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -f /shop_roles.sql
