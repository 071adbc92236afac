// SSE-C with the stock AWS SDK for JavaScript v3 and lib-storage against the endpoint that the environment names.
import { strict as assert } from "node:assert";
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import * as aws from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const Bucket = "ssec-clients-javascript";
const DOC = randomBytes(200_000);
const BIG = randomBytes(6 << 20);
const [KEY_A, KEY_B] = [randomBytes(32), randomBytes(32)];
const s3 = new aws.S3Client({
  endpoint: process.env.AWS_ENDPOINT_URL_S3,
  region: process.env.AWS_REGION,
  forcePathStyle: true,
  maxAttempts: 1,
});

// The SDK adds base64 and MD5.
const triple = (key) => ({ SSECustomerAlgorithm: "AES256", SSECustomerKey: key });
const source = (key) => ({ CopySourceSSECustomerAlgorithm: "AES256", CopySourceSSECustomerKey: key });
const send = (command, input) => s3.send(new aws[command + "Command"]({ Bucket, ...input }));
const read = async (input) => Buffer.from(await (await send("GetObject", input)).Body.transformToByteArray());

async function refused(status, promise) {
  const error = await promise.then(() => assert.fail(`wanted ${status}, the call succeeded`), (error) => error);
  assert.equal(error.$metadata?.httpStatusCode, status, `${error}`);
}

const steps = {
  "create-bucket": () => send("CreateBucket", {}),
  put: async () => {
    const answer = await send("PutObject", { Key: "doc", Body: DOC, ...triple(KEY_A) });
    assert.notEqual(answer.ETag, `"${createHash("md5").update(DOC).digest("hex")}"`);
    const Body = Readable.from([DOC.subarray(0, 70_000), DOC.subarray(70_000)]);
    await send("PutObject", { Key: "stream", Body, ContentLength: DOC.length, ...triple(KEY_A) });
    assert(DOC.equals(await read({ Key: "stream", ...triple(KEY_A) })), "other bytes");
  },
  get: async () => assert(DOC.equals(await read({ Key: "doc", ...triple(KEY_A) })), "other bytes"),
  "get-range": async () => {
    const some = await read({ Key: "doc", Range: "bytes=65530-65545", ...triple(KEY_A) });
    assert(DOC.subarray(65530, 65546).equals(some), "other bytes");
  },
  head: async () => assert.equal((await send("HeadObject", { Key: "doc", ...triple(KEY_A) })).ContentLength, DOC.length),
  "get-another-key": () => refused(403, send("GetObject", { Key: "doc", ...triple(KEY_B) })),
  "get-no-key": () => refused(400, send("GetObject", { Key: "doc" })),
  "head-another-key": () => refused(403, send("HeadObject", { Key: "doc", ...triple(KEY_B) })),
  "head-no-key": () => refused(400, send("HeadObject", { Key: "doc" })),
  attributes: async () => {
    const input = { Key: "doc", ObjectAttributes: ["ETag", "ObjectSize"], ...triple(KEY_A) };
    assert.equal((await send("GetObjectAttributes", input)).ObjectSize, DOC.length);
  },
  multipart: async () => {
    const params = { Bucket, Key: "big", Body: BIG, ...triple(KEY_A) };
    const done = await new Upload({ client: s3, params, partSize: 5 << 20 }).done();
    assert.match(done.ETag, /-2"$/);
    assert(BIG.equals(await read({ Key: "big", ...triple(KEY_A) })), "other bytes");
  },
  rekey: async () => {
    const copy = { Key: "rekeyed", CopySource: `${Bucket}/doc`, ...triple(KEY_B) };
    await send("CopyObject", { ...copy, ...source(KEY_A) });
    assert(DOC.equals(await read({ Key: "rekeyed", ...triple(KEY_B) })), "other bytes");
    await refused(403, send("GetObject", { Key: "rekeyed", ...triple(KEY_A) }));
    await refused(400, send("CopyObject", { ...copy, ...source(KEY_B) }));
  },
  "rekey-in-parts": async () => {
    const { UploadId } = await send("CreateMultipartUpload", { Key: "parts", ...triple(KEY_B) });
    const part = { Key: "parts", UploadId, PartNumber: 1, CopySource: `${Bucket}/big`, CopySourceRange: "bytes=7-5300000" };
    const { CopyPartResult } = await send("UploadPartCopy", { ...part, ...triple(KEY_B), ...source(KEY_A) });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult.ETag }] };
    await send("CompleteMultipartUpload", { Key: "parts", UploadId, MultipartUpload });
    assert(BIG.subarray(7, 5300001).equals(await read({ Key: "parts", ...triple(KEY_B) })), "other bytes");
  },
  presigned: async () => {
    const url = await getSignedUrl(s3, new aws.GetObjectCommand({ Bucket, Key: "doc", ...triple(KEY_A) }));
    assert(!url.includes(encodeURIComponent(KEY_A.toString("base64"))), "the key is in the URL");
    const prefix = "x-amz-server-side-encryption-customer-";
    const headers = {
      [prefix + "algorithm"]: "AES256",
      [prefix + "key"]: KEY_A.toString("base64"),
      [prefix + "key-md5"]: createHash("md5").update(KEY_A).digest("base64"),
    };
    const answer = await fetch(url, { headers });
    assert.equal(answer.status, 200);
    assert(DOC.equals(Buffer.from(await answer.arrayBuffer())), "other bytes");
    assert.notEqual((await fetch(url)).status, 200, "the URL alone was enough");
  },
  listing: async () => {
    const { Contents } = await send("ListObjectsV2", {});
    assert(Contents.some((entry) => entry.Key === "doc"));
  },
  delete: async () => {
    const { Contents } = await send("ListObjectsV2", {});
    await send("DeleteObjects", { Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } });
    await refused(404, send("HeadObject", { Key: "doc", ...triple(KEY_A) }));
    await send("DeleteBucket", {});
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log("ok  ", name);
  } catch (error) {
    failed += 1;
    console.log("FAIL", `${name}:`, `${error}`.replace(/\s+/g, " ").slice(0, 300));
  }
}
const { version } = createRequire(import.meta.url)("@aws-sdk/client-s3/package.json");
console.log(`AWS SDK for JavaScript ${version}: ${Object.keys(steps).length - failed} of ${Object.keys(steps).length} steps as on S3`);
process.exit(failed ? 1 : 0);
