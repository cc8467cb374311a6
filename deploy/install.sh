#!/bin/sh
# Installs Mizan from this folder. Needs no network and nothing but a POSIX shell and the usual small programs.
# As root: a system user, /opt/mizan, /etc/mizan, /var/lib/mizan, a service. As anybody else: everything under --prefix.
set -eu

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

usage() {
  cat <<'TEXT'
Usage: sh install.sh [options]
  --prefix DIR       where the program goes (root: /opt/mizan; others must name one)
  --data DIR         data folder (root: /var/lib/mizan; others: PREFIX/data)
  --config DIR       folder of mizan.env (root: /etc/mizan; others: PREFIX/etc)
  --bin DIR          where the command mizan goes (root: /usr/local/bin; others: PREFIX/bin)
  --user NAME        system user of the service (root only: mizan)
  --public-key FILE  refuse unless SHA256SUMS is signed with this key (PEM; needs openssl 3)
  --no-service       install no systemd unit
  --start            start the service afterwards
TEXT
}

here=$(cd "$(dirname "$0")" && pwd -P)
prefix='' data='' config='' bin='' user=mizan key='' service=yes start=no
while [ $# -gt 0 ]; do
  case $1 in
    --prefix|--data|--config|--bin|--user|--public-key)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case $1 in
        --prefix) prefix=$2 ;; --data) data=$2 ;; --config) config=$2 ;; --bin) bin=$2 ;; --user) user=$2 ;; --public-key) key=$2 ;;
      esac
      shift 2 ;;
    --no-service) service=no; shift ;;
    --start) start=yes; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
done

root=no
[ "$(id -u)" -eq 0 ] && root=yes
if [ "$root" = yes ]; then
  prefix=${prefix:-/opt/mizan} data=${data:-/var/lib/mizan} config=${config:-/etc/mizan} bin=${bin:-/usr/local/bin}
else
  [ -n "$prefix" ] || fail 'without root name a folder of yours: sh install.sh --prefix "$HOME/mizan"'
  data=${data:-$prefix/data} config=${config:-$prefix/etc} bin=${bin:-$prefix/bin} service=no
fi
# What is written into files of the shell and of systemd must be plain.
for path in "$prefix" "$data" "$config" "$bin"; do
  case $path in
    /*) ;;
    *) fail "paths are absolute: $path is not" ;;
  esac
  case $path in
    *[!A-Za-z0-9/._-]*) fail "a path may hold letters, digits, / . _ - only: $path" ;;
  esac
done
case $user in
  ''|*[!a-z0-9_-]*) fail "a user name may hold small letters, digits, _ - only: $user" ;;
esac

# 1. Is everything here, unchanged, and nothing else?
cd "$here"
[ -f SHA256SUMS ] || fail 'SHA256SUMS is missing: this is not a whole bundle'
if [ -n "$key" ]; then
  [ -f SHA256SUMS.sig ] || fail 'this bundle is not signed (no SHA256SUMS.sig), and --public-key asks for a signature'
  command -v openssl >/dev/null 2>&1 || fail 'openssl is needed to check the signature; install it, or check on another machine'
  openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1 || fail 'the signature does not fit this key: do not use this bundle'
  say 'Signature fits.'
fi
sha256sum -c --quiet SHA256SUMS || fail 'files are missing or changed (named above): do not use this bundle'
listed=$(cut -c67- SHA256SUMS | LC_ALL=C sort)
present=$(find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig ! -path ./signer.pem | cut -c3- | LC_ALL=C sort)
[ "$listed" = "$present" ] || fail 'there are files here that are not in SHA256SUMS: unpack the bundle into an empty folder'
links=$(find . -type l | head -n 1)
[ -z "$links" ] || fail "there is a link here that is not of the bundle: $links"
version=$(cat VERSION)
say "Mizan $version: every file is as it was bundled."

# 2. The program, beside former versions; whole or not at all.
umask 022
mkdir -p "$prefix" "$bin"
target=$prefix/$version
if [ -e "$target" ]; then
  cmp -s SHA256SUMS "$target/SHA256SUMS" || fail "$target holds another build of $version. Remove it first if it is not in use."
  say "$target is there already."
else
  incoming=$prefix/.incoming-$version
  rm -rf "$incoming"
  mkdir "$incoming"
  cp -R ./* "$incoming/"
  if ! "$incoming/node/bin/node" --version >/dev/null 2>&1; then
    # The libraries that came along are used only where the system has none: its own get security updates.
    [ -d "$incoming/node/lib-spare" ] && mv "$incoming/node/lib-spare" "$incoming/node/lib"
  fi
  "$incoming/bin/mizan" --version >/dev/null || { rm -rf "$incoming"; fail 'the program does not start on this machine (other processor, or glibc older than 2.28?)'; }
  mv "$incoming" "$target"
fi

# 3. User, data, configuration. What is there stays as it is.
if [ "$root" = yes ] && ! id "$user" >/dev/null 2>&1; then
  if command -v useradd >/dev/null 2>&1; then useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$user"
  else adduser --system --group --home "$data" --no-create-home "$user"; fi
  say "Made the system user $user."
fi
mkdir -p "$config"
if [ ! -d "$data" ]; then mkdir -p "$data"; chmod 0700 "$data"; fi
[ "$root" = yes ] && chown "$user:" "$data"
if [ -e "$config/mizan.env" ]; then
  say "$config/mizan.env is there and stays as it is."
else
  sed "s|@DATA@|$data|g" "$target/deploy/mizan.env" > "$config/mizan.env.new"
  chmod 0640 "$config/mizan.env.new"
  [ "$root" = yes ] && chgrp "$(id -gn "$user")" "$config/mizan.env.new"
  mv "$config/mizan.env.new" "$config/mizan.env"
fi

# 4. The command: with the settings of the service, and as its user.
printf "#!/bin/sh\nset -eu\nsettings='%s/mizan.env'\n" "$config" > "$bin/mizan.new"
cat >> "$bin/mizan.new" <<'TEXT'
# What is set for this one call counts more than the file.
if [ -r "$settings" ]; then
  while IFS= read -r line; do
    case $line in
      [A-Z]*=*) eval "given=\${${line%%=*}+given}"; [ -n "$given" ] || eval "export $line" ;;
    esac
  done < "$settings"
fi
TEXT
if [ "$root" = yes ]; then
  cat >> "$bin/mizan.new" <<TEXT
if [ "\$(id -u)" -eq 0 ]; then exec runuser -u '$user' -- '$prefix/current/bin/mizan' "\$@"; fi
TEXT
fi
printf "exec '%s/current/bin/mizan' \"\$@\"\n" "$prefix" >> "$bin/mizan.new"
chmod 0755 "$bin/mizan.new"
mv "$bin/mizan.new" "$bin/mizan"

# 5. Switch over in one step; the former version stays for a way back.
before=''
[ -L "$prefix/current" ] && before=$(readlink "$prefix/current")
if [ -n "$before" ] && [ "$before" != "$version" ]; then
  rm -f "$prefix/.previous" && ln -s "$before" "$prefix/.previous" && mv -Tf "$prefix/.previous" "$prefix/previous"
fi
rm -f "$prefix/.current" && ln -s "$version" "$prefix/.current" && mv -Tf "$prefix/.current" "$prefix/current"

# 6. The service.
if [ "$service" = yes ] && command -v systemctl >/dev/null 2>&1; then
  sed -e "s|/opt/mizan|$prefix|g" -e "s|/var/lib/mizan|$data|g" -e "s|/etc/mizan|$config|g" -e "s|^User=mizan|User=$user|" -e "s|^Group=mizan|Group=$(id -gn "$user")|" \
    "$target/deploy/systemd/mizan.service" > /etc/systemd/system/mizan.service.new
  mv /etc/systemd/system/mizan.service.new /etc/systemd/system/mizan.service
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl enable mizan.service >/dev/null 2>&1 || true
    if [ "$start" = yes ]; then systemctl restart mizan.service; fi
  fi
  say 'Service: systemctl start mizan'
fi

say ''
say "Installed $target"
say "  command   $bin/mizan        settings  $config/mizan.env        data  $data"
[ -n "$before" ] && [ "$before" != "$version" ] && say "  The former version $before is kept ($prefix/previous). Way back: docs/guide/operate/install.md."
case ":${PATH:-}:" in *":$bin:"*) run=mizan ;; *) run=$bin/mizan ;; esac
say "Next: $run doctor, then start the service (or $run start)."
