# ministack (PyPI): checks keys, stores in clear. It serves http; TLS is put in front, as its users do.

install() { python_environment peers tests/peers/requirements.txt; }

version() { pip show ministack | sed -n 's/^Version: /ministack /p'; }

start() {
    http_endpoint=http://localhost:$(free_port) endpoint=https://localhost:$(free_port)
    serve_in_background "$scratch/ministack.out" env \
        BIND_HOST=127.0.0.1 GATEWAY_PORT="${http_endpoint##*:}" SERVICES=s3 LOG_LEVEL=ERROR \
        IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 S3_DATA_DIR="$scratch/ministack" ministack
    tls_in_front "${endpoint##*:}" "${http_endpoint##*:}"
    wait_until "$scratch/ministack.out" answers "$endpoint/"
}
