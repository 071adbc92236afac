#!/usr/bin/env bash
# SSE-C with stock s3cmd, which has no option for it, only --add-header: a client whose limits are known (s3tools/s3cmd#352).
set -u -o pipefail
cd "$(dirname "$0")" || exit 1
. ./steps.sh
bucket=ssec-clients-s3cmd
host=${AWS_ENDPOINT_URL_S3#*://}
prefix=x-amz-server-side-encryption-customer-
triple=(
    "--add-header=${prefix}algorithm:AES256"
    "--add-header=${prefix}key:$(base64 -w0 <"$dir/key-a")"
    "--add-header=${prefix}key-MD5:$(openssl md5 -binary <"$dir/key-a" | base64)"
)
run() {
    s3cmd -c /dev/null --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" --host="$host" \
        --host-bucket="$host" --region="$AWS_REGION" --ssl --ca-certs="$AWS_CA_BUNDLE" --max-retries=1 --no-progress "$@"
}
plain() { run put "$dir/doc" "s3://$bucket/plain" && run get --force "s3://$bucket/plain" "$dir/out" && cmp "$dir/doc" "$dir/out"; }

step create-bucket run mb "s3://$bucket"
step without-sse-c plain
limit put 's3tools/s3cmd#1004, takes the ETag for the MD5' 'MD5 Sums|does not match|Upload of' \
    run put --disable-multipart "${triple[@]}" "$dir/doc" "s3://$bucket/doc"
step get-no-key refused '400|Bad Request|InvalidRequest' run get --force "s3://$bucket/doc" "$dir/none"
limit get 's3tools/s3cmd#352, sends no headers on GET' '400|Bad Request|InvalidRequest' \
    run get --force "${triple[@]}" "s3://$bucket/doc" "$dir/none"
limit multipart 's3tools/s3cmd#352, sends no headers on UploadPart' '400|initiate requested encryption|failed' \
    run put --multipart-chunk-size-mb=5 "${triple[@]}" "$dir/big" "s3://$bucket/big"
step listing run ls "s3://$bucket"
step delete run rb --recursive --force "s3://$bucket"
finish_client "$(s3cmd --version)"
