//! The first question: is the target there, does it let us in, and does it do SSE-C at all? One PUT with a
//! right triple, one GET without, before anything is judged.

use super::answer::answer;
use super::buckets::{Buckets, NoBucket, block};
use super::session::{Failure, Notes, Session};
use super::transcript::Transcript;
use crate::case::call::Call;
use crate::case::data::Body;
use crate::case::triple::{KeyName, Triple};
use crate::case::verb::Verb;
use crate::check::error_document;
use crate::event::{FirstQuestion, SseC};
use crate::plan::{Bindings, Bodies, Ground, plan};
use crate::verdict::{Answer, Role};
use crate::wire::{Response, SSE_C_ALGORITHM};

const OBJECT: &str = "first-question";
const BODY: &str = "Is this object encrypted with a customer-provided key?";
const REMEDY: &str = "allow SSE-C in the bucket: PutBucketEncryption with \
                      <BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes>";

/// Asks the first question.
///
/// # Errors
/// Why the target cannot be used at all.
pub(super) async fn first_question(
    session: &Session,
    buckets: &Buckets,
) -> Result<FirstQuestion, String> {
    let bucket = buckets
        .shared(session)
        .await
        .map_err(|none| unusable(&none))?;
    let mut asking = Asking {
        session,
        bucket,
        answers: Vec::new(),
        transcript: Transcript::wanted(session),
    };
    let (put, unblocked) = match asking.admission(buckets).await? {
        Admission::Stored { put, unblocked } => (put, unblocked),
        Admission::Blocked(put) => {
            return Ok(asking.finish(SseC::Blocked, refused(&put), Some(REMEDY), false));
        }
        Admission::Unsupported(put) => {
            return Ok(asking.finish(SseC::Unsupported, refused(&put), None, false));
        }
    };
    let get = asking.get().await?;
    let echoes = put.header(SSE_C_ALGORITHM).is_some();
    let (sse_c, because) = match (get.is_success(), echoes) {
        (true, _) => (
            SseC::Ignored,
            "an object stored with a customer key is returned to whoever asks without one",
        ),
        (false, true) => (
            SseC::Supported,
            "it echoes the key's MD5 and does not return the object without the key",
        ),
        (false, false) => (
            SseC::Supported,
            "it does not return the object without the key, but does not echo the triple",
        ),
    };
    Ok(asking.finish(sse_c, because.to_owned(), None, unblocked))
}

/// Whether an object with a customer key gets into the bucket.
enum Admission {
    /// It does, after the run's own bucket was told to allow it or at once.
    Stored { put: Response, unblocked: bool },
    /// 403, while a plain object gets in.
    Blocked(Response),
    /// Another refusal, while a plain object gets in.
    Unsupported(Response),
}

fn refused(put: &Response) -> String {
    let document = error_document("PUT", put);
    let code = document
        .map(|document| format!(" {}", document.code))
        .unwrap_or_default();
    format!(
        "a correct PutObject with SSE-C is answered {}{code}",
        put.status
    )
}

/// Why not even a bucket can be made.
fn unusable(none: &NoBucket) -> String {
    match none {
        NoBucket::Failure(failure) => failure.to_string(),
        NoBucket::Refused(response, _) => match error_document("PUT", response) {
            Some(document) => {
                let message = document
                    .message
                    .map(|message| format!(": {message}"))
                    .unwrap_or_default();
                format!(
                    "it refuses CreateBucket with {} {}{message}",
                    response.status, document.code
                )
            }
            None => format!(
                "it answers CreateBucket with {} and no S3 error: is this an S3 endpoint?",
                response.status
            ),
        },
    }
}

struct Asking<'a> {
    session: &'a Session,
    bucket: String,
    answers: Vec<Answer>,
    transcript: Option<Transcript>,
}

impl Asking<'_> {
    async fn admission(&mut self, buckets: &Buckets) -> Result<Admission, String> {
        let put = self.put(true).await?;
        if put.is_success() {
            self.learn_default(false);
            return Ok(Admission::Stored {
                put,
                unblocked: false,
            });
        }
        let plain = self.put(false).await?;
        match (plain.is_success(), put.status) {
            (false, _) => Err(format!(
                "it refuses even a plain PutObject: {}",
                self.last()
            )),
            (true, 403) => match self.unblock(buckets).await? {
                Some(put) if put.is_success() => {
                    self.learn_default(true);
                    Ok(Admission::Stored {
                        put,
                        unblocked: true,
                    })
                }
                _ => Ok(Admission::Blocked(put)),
            },
            (true, _) => Ok(Admission::Unsupported(put)),
        }
    }

    /// Whether new buckets block SSE-C; a bucket that was given is not new.
    fn learn_default(&self, blocks: bool) {
        if self.session.target.bucket.is_none() {
            let because = if blocks {
                "refused SSE-C until it was unblocked"
            } else {
                "took SSE-C at once"
            };
            self.session.learn(
                "blocked-by-default",
                blocks,
                &format!("a new bucket {because}"),
            );
        }
    }

    async fn put(&mut self, with_key: bool) -> Result<Response, String> {
        let call = Call {
            object: Some(OBJECT.to_owned()),
            body: Some(Body::Text(BODY.to_owned())),
            sse_c: KeyName::new('A').filter(|_| with_key).map(Triple::of),
            ..Call::default()
        };
        self.send(Verb::Put, &call).await
    }

    async fn get(&mut self) -> Result<Response, String> {
        self.send(
            Verb::Get,
            &Call {
                object: Some(OBJECT.to_owned()),
                ..Call::default()
            },
        )
        .await
    }

    /// Tells the run's own bucket to allow SSE-C, and asks again; `None`: it cannot be told.
    async fn unblock(&mut self, buckets: &Buckets) -> Result<Option<Response>, String> {
        if self.session.target.bucket.is_some() {
            return Ok(None);
        }
        let told = block(self.session, &self.bucket, "NONE")
            .await
            .map_err(|failure| failure.to_string())?;
        if !told.is_success() {
            return Ok(None);
        }
        buckets
            .unblock
            .store(true, std::sync::atomic::Ordering::Relaxed);
        self.put(true).await.map(Some)
    }

    async fn send(&mut self, verb: Verb, call: &Call) -> Result<Response, String> {
        let prefix = format!("{}/", self.session.run_id);
        let bodies = Bodies::default();
        let ground = Ground {
            target: &self.session.target,
            bucket: &self.bucket,
            prefix: &prefix,
            case: OBJECT,
            seed: &self.session.options.seed,
            bodies: &bodies,
            now: std::time::SystemTime::now(),
        };
        let planned =
            plan(&ground, &Bindings::default(), verb, call).map_err(|error| error.to_string())?;
        let mut notes = Notes::default();
        let result: Result<Response, Failure> = self
            .session
            .exchange_noting(&self.bucket, planned.clone(), &mut notes)
            .await;
        self.answers.push(answer(
            self.session,
            0,
            Role::Setup,
            &planned,
            &notes,
            result.as_ref(),
        ));
        if let Some(transcript) = &mut self.transcript {
            let step = (self.answers.len() - 1, verb.spec().name, Role::Setup);
            transcript.push(self.session, step, &planned, &notes, &result);
        }
        result.map_err(|failure| failure.to_string())
    }

    fn last(&self) -> String {
        self.answers.last().map(Answer::brief).unwrap_or_default()
    }

    fn finish(
        self,
        sse_c: SseC,
        because: String,
        remedy: Option<&str>,
        unblocked: bool,
    ) -> FirstQuestion {
        let target = &self.session.target;
        let is_http = target.endpoint.scheme == crate::wire::Scheme::Http;
        FirstQuestion {
            sse_c,
            because,
            remedy: remedy.map(str::to_owned),
            unblocked,
            https_tested: target.http_endpoint.is_some() || is_http,
            overlay: None,
            answers: self.answers,
            transcript: self.transcript.map(Transcript::into_text),
        }
    }
}
