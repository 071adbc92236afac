// SSE-C with the stock AWS SDK for Go v2 against the endpoint that the environment names.
//
// Prints one line per step and exits 1 when one of them did not go as it does on S3.
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const bucket = "ssec-clients-go"

var (
	ctx        = context.Background()
	doc, big   = random(200_000), random(6 << 20)
	keyA, keyB = newKey(), newKey()
	algorithm  = aws.String("AES256")
	inBucket   = aws.String(bucket)
)

// The SDK adds nothing: the caller encodes the key and computes its MD5.
type customerKey struct{ key, md5 *string }

func newKey() customerKey {
	key := random(32)
	sum := md5.Sum(key)
	encode := base64.StdEncoding.EncodeToString
	return customerKey{aws.String(encode(key)), aws.String(encode(sum[:]))}
}

func random(length int) []byte {
	out := make([]byte, length)
	if _, err := rand.Read(out); err != nil {
		panic(err)
	}
	return out
}

// client gives the SDK's client, which reads AWS_CA_BUNDLE itself, and a plain one for presigned URLs.
func client() (*s3.Client, *http.Client, error) {
	pem, err := os.ReadFile(os.Getenv("AWS_CA_BUNDLE"))
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	plain := &http.Client{Transport: transport}
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
	if err != nil {
		return nil, nil, err
	}
	return s3.NewFromConfig(loaded, func(options *s3.Options) { options.UsePathStyle = true }), plain, nil
}

func get(c *s3.Client, name string, key customerKey, part *string) ([]byte, error) {
	answer, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: inBucket, Key: &name, Range: part,
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key.key, SSECustomerKeyMD5: key.md5})
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

func same(wanted []byte) func([]byte, error) error {
	return func(got []byte, err error) error {
		if err == nil && !bytes.Equal(wanted, got) {
			err = errors.New("other bytes")
		}
		return err
	}
}

func refused(status int, err error) error {
	var answer *awshttp.ResponseError
	if !errors.As(err, &answer) || answer.HTTPStatusCode() != status {
		return fmt.Errorf("wanted %d, got %v", status, err)
	}
	return nil
}

type step struct {
	name string
	run  func() error
}

func steps(c *s3.Client, plain *http.Client) []step {
	docName := aws.String("doc")
	head := func(key customerKey) error {
		input := &s3.HeadObjectInput{Bucket: inBucket, Key: docName, SSECustomerKey: key.key, SSECustomerKeyMD5: key.md5}
		if key.key != nil {
			input.SSECustomerAlgorithm = algorithm
		}
		_, err := c.HeadObject(ctx, input)
		return err
	}
	return []step{
		{"create-bucket", func() error {
			_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: inBucket})
			return err
		}},
		{"put", func() error {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: inBucket, Key: docName, Body: bytes.NewReader(doc),
				SSECustomerAlgorithm: algorithm, SSECustomerKey: keyA.key, SSECustomerKeyMD5: keyA.md5})
			return err
		}},
		{"get", func() error { return same(doc)(get(c, "doc", keyA, nil)) }},
		{"get-range", func() error { return same(doc[65530:65546])(get(c, "doc", keyA, aws.String("bytes=65530-65545"))) }},
		{"head", func() error { return head(keyA) }},
		{"get-another-key", func() error {
			_, err := get(c, "doc", keyB, nil)
			return refused(403, err)
		}},
		{"get-no-key", func() error {
			_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: inBucket, Key: docName})
			return refused(400, err)
		}},
		{"head-another-key", func() error { return refused(403, head(keyB)) }},
		{"head-no-key", func() error { return refused(400, head(customerKey{})) }},
		{"multipart", func() error { return multipart(c) }},
		{"rekey", func() error { return rekey(c) }},
		{"presigned", func() error { return presigned(c, plain) }},
		{"listing", func() error {
			_, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: inBucket})
			return err
		}},
		{"delete", func() error { return remove(c) }},
	}
}

func multipart(c *s3.Client) error {
	upload := manager.NewUploader(c, func(uploader *manager.Uploader) { uploader.PartSize = 5 << 20 })
	_, err := upload.Upload(ctx, &s3.PutObjectInput{Bucket: inBucket, Key: aws.String("big"), Body: bytes.NewReader(big),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: keyA.key, SSECustomerKeyMD5: keyA.md5})
	if err != nil {
		return err
	}
	return same(big)(get(c, "big", keyA, nil))
}

func rekey(c *s3.Client) error {
	copyWith := func(source customerKey) error {
		_, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: inBucket, Key: aws.String("rekeyed"),
			CopySource: aws.String(bucket + "/doc"), CopySourceSSECustomerAlgorithm: algorithm,
			CopySourceSSECustomerKey: source.key, CopySourceSSECustomerKeyMD5: source.md5,
			SSECustomerAlgorithm: algorithm, SSECustomerKey: keyB.key, SSECustomerKeyMD5: keyB.md5})
		return err
	}
	if err := copyWith(keyA); err != nil {
		return err
	}
	if err := same(doc)(get(c, "rekeyed", keyB, nil)); err != nil {
		return err
	}
	return refused(400, copyWith(keyB))
}

func presigned(c *s3.Client, plain *http.Client) error {
	signed, err := s3.NewPresignClient(c).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: inBucket, Key: aws.String("doc"),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: keyA.key, SSECustomerKeyMD5: keyA.md5})
	if err != nil {
		return err
	}
	if strings.Contains(strings.ToLower(signed.URL), "customer-key=") {
		return errors.New("the key is in the URL")
	}
	request, err := http.NewRequest(signed.Method, signed.URL, nil)
	if err != nil {
		return err
	}
	request.Header = signed.SignedHeader
	answer, err := plain.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return same(doc)(io.ReadAll(answer.Body))
}

func remove(c *s3.Client) error {
	var names []types.ObjectIdentifier
	for _, name := range []string{"doc", "big", "rekeyed"} {
		names = append(names, types.ObjectIdentifier{Key: aws.String(name)})
	}
	_, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: inBucket, Delete: &types.Delete{Objects: names}})
	if err != nil {
		return err
	}
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: inBucket})
	return err
}

func main() {
	c, plain, err := client()
	if err != nil {
		fmt.Println("FAIL client:", err)
		os.Exit(1)
	}
	all, failed := steps(c, plain), 0
	for _, step := range all {
		if err := step.run(); err != nil {
			failed++
			fmt.Printf("FAIL %s: %.300v\n", step.name, err)
		} else {
			fmt.Println("ok  ", step.name)
		}
	}
	fmt.Printf("AWS SDK for Go %s: %d of %d steps as on S3\n", aws.SDKVersion, len(all)-failed, len(all))
	if failed > 0 {
		os.Exit(1)
	}
}
