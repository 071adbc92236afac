//! What all cases of a run share: the way to the target, its features, its health, the journal.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::Options;
use super::pace::{self, Pacer};
use super::proven::Proven;
use crate::case::call::{BucketAsk, Call, Sign};
use crate::case::verb::Verb;
use crate::event::{Feature, Provenance};
use crate::journal::{Entry, Journal};
use crate::plan::{Bindings, Bodies, Ground, PlanError, Planned, plan};
use crate::redact::Redactor;
use crate::sign::{SignError, Signer};
use crate::target::Target;
use crate::transport::{Transport, TransportError};
use crate::wire::{Request, Response};

/// So many exchanges in a row without a sign of life: the target is dead.
const SILENCES_MAX: u32 = 4;
/// How long a silent target may take to show that it is alive.
const LIFE_SIGN_WAIT: Duration = Duration::from_secs(5);

/// What all cases of a run share.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) target: Target,
    pub(super) options: Options,
    pub(super) run_id: String,
    pub(super) transport: Transport,
    pub(super) journal: Journal,
    pub(super) redactor: Redactor,
    pub(super) proven: Proven,
    features: Mutex<BTreeMap<String, Feature>>,
    news: Mutex<Vec<Feature>>,
    silences: AtomicU32,
    dead: Mutex<Option<String>>,
    cleaning: AtomicBool,
    reached: AtomicBool,
    pacer: Pacer,
}

/// What is worth knowing of an exchange besides its answer.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// How often the request had to be repeated.
    pub(super) repeated: u32,
    /// The request as it was sent last, signature included.
    pub(super) sent: Option<Request>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the journal cannot be written: {0}")]
    Journal(#[from] io::Error),
    #[error("interrupted")]
    Interrupted,
    #[error("the target died: {0}")]
    Dead(String),
}

impl Session {
    pub(super) fn new(
        target: Target,
        options: Options,
        run_id: String,
        journal: Journal,
    ) -> Result<Self, Failure> {
        let transport = Transport::new(&target, options.timeouts)?;
        let features = declared(&target);
        let redactor = target.credentials.redactor();
        Ok(Self {
            target,
            options,
            run_id,
            transport,
            journal,
            redactor,
            proven: Proven::default(),
            features: Mutex::new(features),
            news: Mutex::default(),
            silences: AtomicU32::new(0),
            dead: Mutex::default(),
            cleaning: AtomicBool::new(false),
            reached: AtomicBool::new(false),
            pacer: Pacer::default(),
        })
    }

    /// Signs and sends; what the request may create is written down first.
    pub(super) async fn exchange(
        &self,
        bucket: &str,
        planned: Planned,
    ) -> Result<Response, Failure> {
        self.exchange_noting(bucket, planned, &mut Notes::default())
            .await
    }

    /// The same, and what is worth knowing besides the answer.
    pub(super) async fn exchange_noting(
        &self,
        bucket: &str,
        planned: Planned,
        notes: &mut Notes,
    ) -> Result<Response, Failure> {
        if let Some(error) = self.death() {
            return Err(Failure::Dead(error));
        }
        let Planned { request, sign, key } = planned;
        let written = self.write_down(bucket, &request.method, key.as_deref())?;
        let is_main = request.scheme == self.target.endpoint.scheme;
        let answer = loop {
            let answer = self.attempt(request.clone(), &sign, notes).await?;
            let again = is_main && notes.repeated < self.options.retries;
            if !again || !pace::is_worth_repeating(&answer) {
                break answer;
            }
            tokio::select! {
                () = tokio::time::sleep(pace::pause(notes.repeated)) => notes.repeated += 1,
                () = self.interrupted() => return Err(Failure::Interrupted),
            }
        };
        if is_main {
            self.feel(&answer, bucket).await;
        }
        let response = answer?;
        if let Some(entry) = written.filter(|_| (400..500).contains(&response.status)) {
            self.journal.take_back(&entry);
        }
        if let Some(key) = key {
            self.note_created(bucket, &key, &response)?;
        }
        Ok(response)
    }

    /// Signs and sends once, when it is this request's turn.
    async fn attempt(
        &self,
        request: Request,
        sign: &Sign,
        notes: &mut Notes,
    ) -> Result<Result<Response, TransportError>, Failure> {
        tokio::select! {
            () = self.pacer.turn(self.options.rate) => {}
            () = self.interrupted() => return Err(Failure::Interrupted),
        }
        let signer = Signer {
            credentials: &self.target.credentials,
            region: &self.target.region,
            now: SystemTime::now(),
        };
        let signed = signer.sign(request, sign)?;
        let answer = tokio::select! {
            answer = self.transport.send(&signed) => answer,
            () = self.interrupted() => {
                self.reached.store(true, Ordering::Relaxed);
                return Err(Failure::Interrupted);
            }
        };
        notes.sent = Some(signed);
        if !matches!(&answer, Err(error) if error.is_before_sending()) {
            self.reached.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    /// Writes down what a request may create. What is new and gets refused can be taken back where the
    /// bucket is ours: should a refused write have stored something, the bucket will not be empty in the end.
    fn write_down(
        &self,
        bucket: &str,
        method: &str,
        key: Option<&str>,
    ) -> io::Result<Option<Entry>> {
        let Some(key) = key.filter(|_| matches!(method, "PUT" | "POST")) else {
            return Ok(None);
        };
        let entry = Entry::Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        let is_new = self.journal.add(entry.clone())?;
        Ok((is_new && self.target.bucket.is_none()).then_some(entry))
    }

    /// A request of the run itself, outside any case.
    pub(super) async fn ask(
        &self,
        bucket: &str,
        verb: Verb,
        call: &Call,
    ) -> Result<Response, Failure> {
        self.exchange(bucket, self.plan(bucket, verb, call)?).await
    }

    /// A request of the run itself.
    fn plan(&self, bucket: &str, verb: Verb, call: &Call) -> Result<Planned, PlanError> {
        let bodies = Bodies::default();
        let ground = Ground {
            target: &self.target,
            bucket,
            prefix: "",
            case: "first-question",
            seed: &self.options.seed,
            bodies: &bodies,
            now: SystemTime::now(),
        };
        plan(&ground, &Bindings::default(), verb, call)
    }

    /// Versions and uploads have ids that only the answer tells.
    fn note_created(&self, bucket: &str, key: &str, response: &Response) -> io::Result<()> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        if let Some(version) = response.header("x-amz-version-id") {
            let version = version.to_owned();
            self.journal.add(Entry::Version {
                bucket: bucket.clone(),
                key: key.clone(),
                version,
            })?;
        }
        let is_upload = response.is_success() && response.body.starts_with(b"<") && {
            let head = &response.body[..response.body.len().min(512)];
            crate::keys::contains(head, b"InitiateMultipartUploadResult")
        };
        if is_upload
            && let Ok(root) = crate::xml::parse(&response.body)
            && let Some(upload) = root.find("UploadId")
        {
            self.journal.add(Entry::Upload {
                bucket,
                key,
                upload: upload.to_owned(),
            })?;
        }
        Ok(())
    }

    /// Counts silences of the main endpoint; whatever else happens is a sign of life. Whether many silences
    /// are death a simple question decides: it may be one object that hangs.
    async fn feel(&self, answer: &Result<Response, TransportError>, bucket: &str) {
        let silence = match answer {
            Err(error) if error.is_absence() || matches!(error, TransportError::Timeout { .. }) => {
                error
            }
            _ => return self.silences.store(0, Ordering::Relaxed),
        };
        if self.silences.fetch_add(1, Ordering::Relaxed) + 1 < SILENCES_MAX {
            return;
        }
        if self.is_alive(bucket).await {
            self.silences.store(0, Ordering::Relaxed);
        } else {
            *self.dead.lock().unwrap_or_else(PoisonError::into_inner) = Some(silence.to_string());
        }
    }

    /// Whether the target still answers HeadBucket.
    async fn is_alive(&self, bucket: &str) -> bool {
        let head = Call {
            ask: Some(BucketAsk::Head),
            ..Call::default()
        };
        let Ok(planned) = self.plan(bucket, Verb::Bucket, &head) else {
            return false;
        };
        let mut notes = Notes::default();
        let asked = self.attempt(planned.request, &planned.sign, &mut notes);
        let answered = tokio::time::timeout(LIFE_SIGN_WAIT, asked).await;
        matches!(answered, Ok(Ok(Ok(_))))
    }

    /// Whether any request may have arrived.
    pub(super) fn was_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// Why the target counts as dead.
    pub(super) fn death(&self) -> Option<String> {
        self.dead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on it takes a second interrupt, and a dead target gets another chance.
    pub(super) fn begin_cleaning(&self) {
        self.cleaning.store(true, Ordering::Relaxed);
        self.silences.store(0, Ordering::Relaxed);
        *self.dead.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Cleaning up goes on after the first interrupt, not after the second.
    async fn interrupted(&self) {
        let times = if self.cleaning.load(Ordering::Relaxed) {
            2
        } else {
            1
        };
        self.options.interrupt.triggered(times).await;
    }

    /// The features that the target lacks, with the reasons.
    pub(super) fn lacking(&self) -> BTreeMap<String, String> {
        let features = self.lock();
        let lacking = features.values().filter(|feature| !feature.present);
        lacking
            .map(|feature| (feature.name.clone(), feature.because.clone()))
            .collect()
    }

    /// Everything known about features, by name.
    pub(super) fn features(&self) -> Vec<Feature> {
        self.lock().values().cloned().collect()
    }

    /// What an answer said about a feature; what is known already stands.
    pub(super) fn learn(&self, name: &str, present: bool, because: &str) {
        let mut features = self.lock();
        if features.contains_key(name) {
            return;
        }
        let probed = Feature {
            name: name.to_owned(),
            present,
            provenance: Provenance::Probed,
            because: because.to_owned(),
        };
        features.insert(name.to_owned(), probed.clone());
        self.news
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(probed);
    }

    /// What was learnt since somebody asked last.
    pub(super) fn news(&self) -> Vec<Feature> {
        std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Feature>> {
        self.features.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known before anything is sent.
fn declared(target: &Target) -> BTreeMap<String, Feature> {
    let feature = |name: &str, present: bool, because: String| {
        let provenance = Provenance::Declared;
        (
            name.to_owned(),
            Feature {
                name: name.to_owned(),
                present,
                provenance,
                because,
            },
        )
    };
    let mut known: BTreeMap<_, _> = target
        .features
        .iter()
        .map(|(name, present)| feature(name, *present, "declared for this target".to_owned()))
        .collect();
    let is_http = target.endpoint.scheme == crate::wire::Scheme::Http;
    if target.http_endpoint.is_none() && !is_http {
        let because = "the https rule is NOT TESTED without --http-endpoint".to_owned();
        known.extend([feature("http", false, because)]);
    }
    if let Some(bucket) = &target.bucket {
        for name in ["buckets", "versioning", "blocking"] {
            let because = format!("this run may only use the bucket {bucket}");
            known
                .entry(name.to_owned())
                .or_insert(feature(name, false, because).1);
        }
    }
    known
}
