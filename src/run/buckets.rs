//! The buckets of a run: one shared, one versioned, one that blocks SSE-C, each made when first needed, and
//! one for each trial that wants its own.

use tokio::sync::OnceCell;

use super::session::{Failure, Session};
use crate::case::call::{BucketAsk, Call};
use crate::case::data::Body;
use crate::case::verb::Verb;
use crate::case::{Bucket, Trial};
use crate::journal::Entry;
use crate::plan::NAMESPACE;
use crate::verdict::Stopped;
use crate::wire::Response;

/// The buckets of a run.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    /// New buckets block SSE-C here, and can be told not to.
    pub(super) unblock: std::sync::atomic::AtomicBool,
    shared: OnceCell<String>,
    versioned: OnceCell<String>,
    blocked: OnceCell<String>,
}

/// Why there is no bucket.
#[derive(Debug)]
pub(super) enum NoBucket {
    /// No answer.
    Failure(Failure),
    /// The target refused, with this answer; the feature that it then lacks.
    Refused(Response, &'static str),
}

impl From<Failure> for NoBucket {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Buckets {
    /// The bucket that a trial wants.
    pub(super) async fn of(&self, session: &Session, trial: &Trial) -> Result<String, Stopped> {
        let made = match trial.bucket {
            Bucket::Shared => self.shared(session).await,
            Bucket::Versioned => self
                .versioned
                .get_or_try_init(|| self.make_versioned(session))
                .await
                .cloned(),
            Bucket::Blocked => self.blocked(session).await,
            Bucket::Own => self.make(session, &own(trial, session)).await,
            Bucket::New => create(session, &own(trial, session)).await,
        };
        made.map_err(|none| stopped(session, none))
    }

    /// The bucket that most trials share: given, or made.
    pub(super) async fn shared(&self, session: &Session) -> Result<String, NoBucket> {
        let make = || async {
            match &session.target.bucket {
                Some(given) => Ok(given.clone()),
                None => self.make(session, "shared").await,
            }
        };
        self.shared.get_or_try_init(make).await.cloned()
    }

    /// The bucket that blocks SSE-C.
    pub(super) async fn blocked(&self, session: &Session) -> Result<String, NoBucket> {
        self.blocked
            .get_or_try_init(|| self.make_blocked(session))
            .await
            .cloned()
    }

    /// The name of the bucket that most trials share, once it is known.
    pub(super) fn shared_name(&self) -> Option<&str> {
        self.shared.get().map(String::as_str)
    }

    /// A new bucket in which SSE-C is allowed.
    pub(super) async fn make(&self, session: &Session, kind: &str) -> Result<String, NoBucket> {
        let name = create(session, kind).await?;
        if self.unblock.load(std::sync::atomic::Ordering::Relaxed) {
            accepted(block(session, &name, "NONE").await?, "blocking")?;
        }
        Ok(name)
    }

    async fn make_versioned(&self, session: &Session) -> Result<String, NoBucket> {
        let name = self.make(session, "versioned").await?;
        let call = Call {
            ask: Some(BucketAsk::PutVersioning),
            versioning: Some("Enabled".to_owned()),
            ..Call::default()
        };
        accepted(session.ask(&name, Verb::Bucket, &call).await?, "versioning")?;
        Ok(name)
    }

    async fn make_blocked(&self, session: &Session) -> Result<String, NoBucket> {
        let name = create(session, "blocked").await?;
        accepted(block(session, &name, "SSE-C").await?, "blocking")?;
        Ok(name)
    }
}

/// Part of a bucket's name that no other trial has.
fn own(trial: &Trial, session: &Session) -> String {
    format!("own-{}", session.options.seed.tag(&trial.name))
}

/// Makes a bucket, written down before.
async fn create(session: &Session, kind: &str) -> Result<String, NoBucket> {
    let name = format!("ssec-{}-{kind}", session.run_id);
    session
        .journal
        .add(Entry::Bucket {
            bucket: name.clone(),
        })
        .map_err(Failure::Journal)?;
    let region = &session.target.region;
    // S3 takes no constraint for its first region (AWS, CreateBucket).
    let body = (region != "us-east-1").then(|| {
        let constraint = crate::xml::escape(region);
        Body::Text(format!(
            "<CreateBucketConfiguration xmlns=\"{NAMESPACE}\"><LocationConstraint>{constraint}\
             </LocationConstraint></CreateBucketConfiguration>"
        ))
    });
    let call = Call {
        method: Some("PUT".to_owned()),
        body,
        ..Call::default()
    };
    accepted(session.ask(&name, Verb::Raw, &call).await?, "buckets")?;
    Ok(name)
}

/// PutBucketEncryption with one word of BlockedEncryptionTypes: `NONE` or `SSE-C`.
/// The bucket's own default encryption is left alone (BLK-005): an explicit one makes copies of an object onto
/// itself legal.
pub(super) async fn block(
    session: &Session,
    bucket: &str,
    word: &str,
) -> Result<Response, Failure> {
    let call = Call {
        ask: Some(BucketAsk::PutEncryption),
        // Where nothing is blocked nothing else is configured either: a default of its own makes copies onto
        // itself legal (CPY-101). The usual document has one, and some servers insist.
        default_encryption: (word != "NONE").then(|| "AES256".to_owned()),
        blocked: Some(vec![word.to_owned()]),
        ..Call::default()
    };
    session.ask(bucket, Verb::Bucket, &call).await
}

fn accepted(response: Response, feature: &'static str) -> Result<(), NoBucket> {
    if response.is_success() {
        Ok(())
    } else {
        Err(NoBucket::Refused(response, feature))
    }
}

/// What a refusal says about the target: that it does not know such buckets, or nothing at all.
fn stopped(session: &Session, none: NoBucket) -> Stopped {
    let (response, feature) = match none {
        NoBucket::Failure(failure) => return Stopped::Unproven(failure.to_string()),
        NoBucket::Refused(response, feature) => (response, feature),
    };
    let document = crate::check::error_document("", &response);
    let code = document.map(|document| document.code).unwrap_or_default();
    let because = format!("the bucket is answered {} {code}", response.status);
    match (response.status, code.as_str()) {
        (501 | 405, _) | (_, "NotImplemented" | "MalformedXML") => {
            session.learn(feature, false, &because);
            Stopped::Skip(format!("needs {feature}: {because}"))
        }
        _ => Stopped::Unproven(because),
    }
}
