#!/usr/bin/env bash
# One node of Apache Kafka (KRaft) from its Maven artefacts: for the tests, and for Kafka on a laptop.
set -euo pipefail

usage() {
    cat >&2 <<'TEXT'
usage: kafka.sh COMMAND [DIR] [PORT] [--tls] [--fsync]

  fetch     copy the jars (about 54 MB) with Maven, if they are not there yet
  start     fetch, format DIR once, start the broker and wait until it listens; nothing if it runs
  stop      stop it in order
  kill      kill -9
  restart   stop and start (with --tls as given)
  status    exit 0 if it runs

DIR    data, configuration, log and pid file (default target/kafka/node)
PORT   plain listener (default 9092); PORT+1 is the controller's, PORT+3 asks for SASL PLAIN,
       and with --tls PORT+2 is SASL_SSL with SCRAM-SHA-512 (certificate authority: DIR/ca.pem)
--fsync  an acknowledged record is on the disk, not only in the system's memory

environment: KAFKA_JARS (default target/kafka/lib), KAFKA_USER (kentongan), KAFKA_PASSWORD (kentongan-secret),
KAFKA_HEAP (512m). All listeners are on 127.0.0.1.
TEXT
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../.." && pwd)/target/kafka

tls=no fsync=no words=()
for word in "$@"; do
    case $word in
        --tls) tls=yes ;;
        --fsync) fsync=yes ;;
        -*) usage ;;
        *) words+=("$word") ;;
    esac
done
command=${words[0]:-}
dir=${words[1]:-$target/node}
port=${words[2]:-9092}
jars=${KAFKA_JARS:-$target/lib}
user=${KAFKA_USER:-kentongan}
password=${KAFKA_PASSWORD:-kentongan-secret}
heap=${KAFKA_HEAP:-512m}
[[ $port =~ ^[0-9]+$ ]] || usage

need() {
    command -v "$1" >/dev/null || { echo "kafka.sh: $1 is missing ($2)" >&2; exit 1; }
}

fetch() {
    need java "apt-get install openjdk-17-jre-headless"
    if [[ ! -e $jars/.complete ]]; then
        need mvn "apt-get install maven"
        mkdir -p "$jars"
        # Another start may fetch at the same time.
        (
            flock 9
            if [[ ! -e $jars/.complete ]]; then
                echo "kafka.sh: fetching the jars into $jars" >&2
                mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies \
                    -DincludeScope=runtime -DoutputDirectory="$jars"
                touch "$jars/.complete"
            fi
        ) 9>"$jars/.lock"
    fi
}

# The broker's pid, if it runs and is ours.
running() {
    local pid
    pid=$(cat "$dir/pid" 2>/dev/null) || return 1
    [[ -n $pid && -r /proc/$pid/cmdline ]] || return 1
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "kafka.Kafka $dir/server.properties" || return 1
    echo "$pid"
}

tool() {
    java -Xmx128m -Dlog4j2.configurationFile="file:$here/log4j2.properties" -cp "$jars/*" "$@"
}

certificate() {
    [[ -e $dir/ca.pem ]] && return
    need keytool "part of the Java runtime"
    rm -f "$dir/keystore.p12"
    keytool -genkeypair -alias broker -keyalg RSA -keysize 2048 -validity 3650 -storetype PKCS12 \
        -dname "CN=localhost" -ext "SAN=dns:localhost,ip:127.0.0.1" -ext "bc:c" \
        -keystore "$dir/keystore.p12" -storepass "$password" 2>/dev/null
    keytool -exportcert -rfc -alias broker -keystore "$dir/keystore.p12" -storepass "$password" \
        >"$dir/ca.pem.new" 2>/dev/null
    mv "$dir/ca.pem.new" "$dir/ca.pem"
}

configure() {
    local listeners="PLAINTEXT://127.0.0.1:$port,SASL_PLAINTEXT://127.0.0.1:$((port + 3))"
    if [[ $tls == yes ]]; then
        certificate
        listeners+=",SASL_SSL://127.0.0.1:$((port + 2))"
    fi
    {
        cat <<TEXT
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$((port + 1))
listeners=$listeners,CONTROLLER://127.0.0.1:$((port + 1))
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
log.dirs=$dir/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_$user="$password";
listener.name.sasl_plaintext.sasl.enabled.mechanisms=PLAIN
TEXT
        if [[ $fsync == yes ]]; then
            echo "log.flush.interval.messages=1"
        fi
        if [[ $tls == yes ]]; then
            cat <<TEXT
listener.name.sasl_ssl.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.ssl.keystore.type=PKCS12
listener.name.sasl_ssl.ssl.keystore.location=$dir/keystore.p12
listener.name.sasl_ssl.ssl.keystore.password=$password
TEXT
        fi
    } >"$dir/server.properties.new"
    chmod 600 "$dir/server.properties.new"
    mv "$dir/server.properties.new" "$dir/server.properties"
}

# Formatting makes the SCRAM user too, so that --tls can be added at any later start.
format() {
    [[ -e $dir/data/meta.properties ]] && return
    local id
    id=$(tool kafka.tools.StorageTool random-uuid)
    tool kafka.tools.StorageTool format --standalone --ignore-formatted -t "$id" -c "$dir/server.properties" \
        --add-scram "SCRAM-SHA-512=[name=$user,password=$password]" >"$dir/format.log" 2>&1 || {
        cat "$dir/format.log" >&2
        exit 1
    }
}

start() {
    if running >/dev/null; then
        echo "kafka.sh: already running on 127.0.0.1:$port (pid $(running))"
        return
    fi
    fetch
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    configure
    format
    setsid nohup java -Xms256m -Xmx"$heap" -XX:+ExitOnOutOfMemoryError \
        -Dlog4j2.configurationFile="file:$here/log4j2.properties" \
        -cp "$jars/*" kafka.Kafka "$dir/server.properties" >>"$dir/kafka.log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    for _ in $(seq 1 300); do
        if ! running >/dev/null; then
            sleep 0.2
            running >/dev/null || { tail -20 "$dir/kafka.log" >&2; echo "kafka.sh: it did not start" >&2; exit 1; }
        fi
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "kafka.sh: listening on 127.0.0.1:$port (pid $(running))"
            return
        fi
        sleep 0.2
    done
    echo "kafka.sh: not listening after 60 s; see $dir/kafka.log" >&2
    exit 1
}

# end SIGNAL: sends it and waits until the broker is gone.
end() {
    local pid
    pid=$(running) || { rm -f "$dir/pid"; return 0; }
    kill "-$1" "$pid"
    for _ in $(seq 1 300); do
        running >/dev/null || { rm -f "$dir/pid"; return 0; }
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$dir/pid"
}

[[ -d $dir ]] && dir=$(cd "$dir" && pwd)
case $command in
    fetch) fetch ;;
    start) start ;;
    stop) end TERM ;;
    kill) end KILL ;;
    restart) end TERM; start ;;
    status) running >/dev/null ;;
    *) usage ;;
esac
