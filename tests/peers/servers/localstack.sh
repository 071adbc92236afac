# LocalStack's S3 (PyPI, without Docker): checks keys, stores in clear. http and https on one port.
# It checks no signatures as shipped; they are switched on, so that presigned URLs mean something.

# The Python that it needs: 3.11 meets a syntax error, and a shim of that name need not run.
localstack_python() {
    local candidate
    for candidate in "${LOCALSTACK_PYTHON:-python3.13}" ~/.pyenv/versions/3.13.*/bin/python3; do
        if "$candidate" --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    echo "SKIPPED: LocalStack needs Python 3.13 (LOCALSTACK_PYTHON names it)" >&2
    return 1
}

install() {
    local python
    python=$(localstack_python) || return 1
    python_environment localstack tests/peers/requirements-localstack.txt
}

version() { pip show localstack-core | sed -n 's/^Version: /LocalStack /p'; }

start() {
    local port folder=$scratch/localstack
    port=$(free_port)
    endpoint=https://localhost:$port http_endpoint=http://localhost:$port
    mkdir "$folder"
    cat "$private_key" "$certificate" >"$folder/server.pem"
    serve_in_background "$scratch/localstack.out" env \
        SERVICES=s3,kms EAGER_SERVICE_LOADING=1 GATEWAY_LISTEN="127.0.0.1:$port" DISABLE_EVENTS=1 DNS_ADDRESS=0 \
        S3_SKIP_SIGNATURE_VALIDATION=0 LOCALSTACK_VOLUME_DIR="$folder" SKIP_SSL_CERT_DOWNLOAD=1 \
        CUSTOM_SSL_CERT_PATH="$folder/server.pem" python -m localstack.runtime.main
    wait_until "$scratch/localstack.out" answers "$endpoint/_localstack/health"
    # The keys that it takes are twelve digits or these.
    export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
}
