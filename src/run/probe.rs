//! Features that a target lacks without saying so: what it does not know it ignores. One small question each,
//! and only about features that the chosen trials need; a 501 speaks for itself when it comes.

use std::collections::BTreeSet;

use super::buckets::{Buckets, NoBucket};
use super::session::{Failure, Session};
use crate::case::Trial;
use crate::case::call::{BucketAsk, Call, Checksum, ChecksumPlace, HeaderEdit};
use crate::case::data::Body;
use crate::case::value::{ChecksumAlgorithm, Value};
use crate::case::verb::Verb;
use crate::wire::Response;
use crate::xml;

const BODY: &str = "What does this server know?";
const CHECKSUM: &str = "x-amz-checksum-crc32";

/// Learns which of the features that trials need the target ignores. What was declared stands; where no
/// answer comes nothing is learnt.
pub(super) async fn probe(session: &Session, buckets: &Buckets, trials: &[Trial]) {
    if session.target.bundled {
        return;
    }
    let needed: BTreeSet<&str> = trials
        .iter()
        .flat_map(|trial| &trial.needs)
        .map(String::as_str)
        .collect();
    let Ok(bucket) = buckets.shared(session).await else {
        return;
    };
    let asking = Asking {
        session,
        bucket,
        object: format!("{}/probe", session.run_id),
        needed,
    };
    if asking.object().await.is_err() {
        return;
    }
    let _ = tokio::join!(
        asking.checksums(),
        asking.attributes(),
        asking.conditional_writes(),
        asking.copy(),
        asking.blocking(buckets)
    );
}

struct Asking<'a> {
    session: &'a Session,
    bucket: String,
    object: String,
    needed: BTreeSet<&'a str>,
}

impl Asking<'_> {
    /// The object that the questions are about.
    async fn object(&self) -> Result<Response, Failure> {
        self.ask(Verb::Put, self.put()).await
    }

    /// A wrong checksum that is neither refused nor answered was not looked at.
    async fn checksums(&self) -> Result<(), Failure> {
        if !self.needed.contains("checksums") {
            return Ok(());
        }
        let wrong = Call {
            object: Some(format!("{}-checksum", self.object)),
            checksum: Some(Checksum {
                algorithm: ChecksumAlgorithm::Crc32,
                value: Some(Value::Text("AAAAAA==".to_owned())),
                place: ChecksumPlace::Header,
            }),
            ..self.put()
        };
        let answer = self.ask(Verb::Put, wrong).await?;
        if answer.is_success() && answer.header(CHECKSUM).is_none() {
            self.lacks(
                "checksums",
                "PutObject ignores a wrong x-amz-checksum-crc32",
            );
        }
        Ok(())
    }

    async fn attributes(&self) -> Result<(), Failure> {
        if !self.needed.contains("attributes") {
            return Ok(());
        }
        let read = Call {
            object: Some(self.object.clone()),
            ..Call::default()
        };
        let answer = self.ask(Verb::Attributes, read).await?;
        if answer.is_success() && xml::parse(&answer.body).is_err() {
            self.lacks("attributes", "GetObjectAttributes answers no document");
        }
        Ok(())
    }

    async fn conditional_writes(&self) -> Result<(), Failure> {
        if !self.needed.contains("conditional-writes") {
            return Ok(());
        }
        let again = Call {
            headers: vec![HeaderEdit {
                name: "If-None-Match".to_owned(),
                values: vec![Value::Text("*".to_owned())],
            }],
            ..self.put()
        };
        if self.ask(Verb::Put, again).await?.is_success() {
            self.lacks("conditional-writes", "PutObject ignores If-None-Match");
        }
        Ok(())
    }

    /// Whether ordinary objects can be copied: that SSE-C sources cannot is another thing, and no reason to
    /// leave out what may leak.
    async fn copy(&self) -> Result<(), Failure> {
        if !self.needed.contains("copy") {
            return Ok(());
        }
        let copy = Call {
            object: Some(format!("{}-copy", self.object)),
            from: Some(self.object.clone()),
            ..Call::default()
        };
        match self.ask(Verb::Copy, copy).await?.status {
            501 => self.lacks("copy", "CopyObject is answered 501"),
            200 => self.session.learn("copy", true, "CopyObject copies"),
            _ => {}
        }
        Ok(())
    }

    /// What a bucket blocks is shown by GetBucketEncryption (AWS, API of 2025-11-19).
    async fn blocking(&self, buckets: &Buckets) -> Result<(), Failure> {
        let may_make = self.session.target.bucket.is_none();
        if !may_make || !self.needed.contains("blocking") {
            return Ok(());
        }
        let blocked = match buckets.blocked(self.session).await {
            Ok(blocked) => blocked,
            Err(NoBucket::Refused(answer, "blocking")) => {
                let because = format!("BlockedEncryptionTypes are answered {}", answer.status);
                self.lacks("blocking", &because);
                return self.bucket_encryption().await;
            }
            Err(_) => return Ok(()),
        };
        let get = Call {
            ask: Some(BucketAsk::GetEncryption),
            ..Call::default()
        };
        let answer = self.session.ask(&blocked, Verb::Bucket, &get).await?;
        let shown = xml::parse(&answer.body).is_ok_and(|root| {
            root.texts("Rule/BlockedEncryptionTypes/EncryptionType")
                .contains(&"SSE-C")
        });
        if !shown {
            self.lacks(
                "blocking",
                "PutBucketEncryption takes BlockedEncryptionTypes and drops them",
            );
        }
        Ok(())
    }

    /// Whether a bucket takes a default without what it does not know.
    async fn bucket_encryption(&self) -> Result<(), Failure> {
        let put = Call {
            ask: Some(BucketAsk::PutEncryption),
            default_encryption: Some("AES256".to_owned()),
            ..Call::default()
        };
        let bucket = format!("ssec-{}-blocked", self.session.run_id);
        let answer = self.session.ask(&bucket, Verb::Bucket, &put).await?;
        if !answer.is_success() {
            let because = format!("PutBucketEncryption is answered {}", answer.status);
            self.lacks("bucket-encryption", &because);
        }
        Ok(())
    }

    fn put(&self) -> Call {
        Call {
            object: Some(self.object.clone()),
            body: Some(Body::Text(BODY.to_owned())),
            ..Call::default()
        }
    }

    async fn ask(&self, verb: Verb, call: Call) -> Result<Response, Failure> {
        self.session.ask(&self.bucket, verb, &call).await
    }

    fn lacks(&self, feature: &str, because: &str) {
        self.session.learn(feature, false, because);
    }
}
