#!/usr/bin/env bash
# SSE-C with the system's own `curl --aws-sigv4` against the endpoint that the environment names. Before 8.10 curl signs
# the customer headers in another order than S3 (curl/curl#14370): such a signature has to be refused.
set -u -o pipefail
cd "$(dirname "$0")" || exit 1
. ./steps.sh
bucket=ssec-clients-system-curl
prefix=x-amz-server-side-encryption-customer-
triple=(
    -H "${prefix}algorithm: AES256" -H "${prefix}key: $(base64 -w0 <"$dir/key-a")"
    -H "${prefix}key-md5: $(openssl md5 -binary <"$dir/key-a" | base64)"
)
# $1: a file to send, or '' for nothing; then the options of curl.
ask() {
    local body=$1 status
    shift
    status=$(curl --silent --output "$dir/out" --write-out '%{http_code}' --cacert "$AWS_CA_BUNDLE" \
        --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --aws-sigv4 "aws:amz:$AWS_REGION:s3" \
        -H "x-amz-content-sha256: $(sha256sum <"${body:-/dev/null}" | cut -d' ' -f1)" \
        ${body:+-H 'content-type: application/octet-stream' --data-binary "@$body"} "$@")
    [ "$status" -lt 300 ] || { head -c 300 "$dir/out"; return 1; }
}
url=$AWS_ENDPOINT_URL_S3/$bucket
plain() { ask "$dir/doc" -X PUT "$url/plain" && ask '' "$url/plain" && cmp "$dir/doc" "$dir/out"; }
get() { ask '' "${triple[@]}" "$url/doc" && cmp "$dir/doc" "$dir/out"; }
# step, or the refusal that old versions have to meet.
signed() {
    local name=$1
    shift
    if [ "$(printf '8.10\n%s\n' "$version" | sort -V | head -n 1)" = 8.10 ]; then
        step "$name" "$@"
    else
        limit "$name" "curl/curl#14370, curl $version signs in another order" SignatureDoesNotMatch "$@"
    fi
}

version=$(curl --version | sed -n '1s/^curl \([0-9.]*\).*/\1/p')
step create-bucket ask '' -X PUT "$url"
step without-sse-c plain
signed put ask "$dir/doc" -X PUT "${triple[@]}" "$url/doc"
signed get get
step listing ask '' "$url?list-type=2"
for name in plain doc; do ask '' -X DELETE "$url/$name" >/dev/null; done
step delete ask '' -X DELETE "$url"
finish_client "curl $version"
