#!/usr/bin/env bash
# SSE-C with stock rclone against the endpoint that the environment names. One customer key per remote.
set -u -o pipefail
cd "$(dirname "$0")" || exit 1
. ./steps.sh
bucket=ssec-clients-rclone
ca=$AWS_CA_BUNDLE
# rclone 1.60 cannot load a bundle from there; it takes --ca-cert.
unset AWS_CA_BUNDLE

remote() {
    local key=$1
    shift
    rclone --config /dev/null --ca-cert "$ca" --retries 1 --low-level-retries 1 --s3-provider Other --s3-env-auth \
        --s3-endpoint "$AWS_ENDPOINT_URL_S3" --s3-region "$AWS_REGION" \
        --s3-chunk-size 5Mi --s3-upload-cutoff 5Mi \
        ${key:+--s3-sse-customer-algorithm AES256 --s3-sse-customer-key-base64 "$(base64 -w0 <"$dir/$key")"} "$@"
}
same() { cmp "$dir/$1" <(remote "$2" cat ":s3:$bucket/$3"); }
range() { cmp <(tail -c +65531 "$dir/doc" | head -c 16) <(remote key-a cat --offset 65530 --count 16 ":s3:$bucket/doc"); }
multipart() { remote key-a copyto "$dir/big" ":s3:$bucket/big" && same big key-a big; }
copied() { remote key-a copyto ":s3:$bucket/doc" ":s3:$bucket/copied" && same doc key-a copied; }

step create-bucket remote key-a mkdir ":s3:$bucket"
step put remote key-a copyto "$dir/doc" ":s3:$bucket/doc"
step get same doc key-a doc
step get-range range
step head remote key-a lsl ":s3:$bucket/doc"
# A refused HEAD makes rclone look for a folder of that name; a listing before keeps it honest.
step get-another-key refused '403|Forbidden' remote key-b copy --include doc ":s3:$bucket" "$dir/none"
step get-no-key refused '400|Bad Request' remote '' copy --include doc ":s3:$bucket" "$dir/none"
step multipart multipart
step copy-same-key copied
step listing remote key-a lsf ":s3:$bucket"
step delete remote key-a purge ":s3:$bucket"
finish_client "rclone $(rclone version | sed -n '1s/rclone v//p')"
