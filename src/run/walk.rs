//! One trial from its first step to its verdict. For a refusal the order is: the defective request, the
//! look, the control.

use std::collections::HashMap;
use std::time::{Instant, SystemTime};

use super::answer::answer;
use super::judge::Next;
use super::memory::{Accepted, Memory};
use super::session::{Failure, Notes, Session};
use super::steps::{name_of, needles};
use super::transcript::Transcript;
use super::{control, doubt, local, look};
use crate::case::call::Call;
use crate::case::feature;
use crate::case::place::Place;
use crate::case::verb::{Kind, Verb};
use crate::case::{Bucket, Control, Expect, Step, Trial};
use crate::catalogue::Catalogue;
use crate::check::{Difference, error_document};
use crate::event::CaseResult;
use crate::keys::Needles;
use crate::plan::{Bindings, Bodies, Bound, Ground, PlanError, Planned, plan};
use crate::transport::TransportError;
use crate::verdict::{Answer, Check, Finding, Role, Stopped};
use crate::wire::Response;

/// Everything about a trial that goes on.
pub(super) struct Walk<'a> {
    pub(super) session: &'a Session,
    pub(super) catalogue: &'a Catalogue,
    pub(super) trial: &'a Trial,
    pub(super) bucket: &'a str,
    pub(super) prefix: String,
    pub(super) bodies: Bodies,
    pub(super) bindings: Bindings,
    pub(super) memory: Memory,
    pub(super) answers: Vec<Answer>,
    pub(super) needles: Needles,
    pub(super) findings: Vec<Finding>,
    pub(super) flags: Vec<String>,
    pub(super) transcript: Option<Transcript>,
    /// Later steps that earlier refusals wait for.
    awaited: Vec<(usize, String)>,
    /// Uploads that controls have started, by the names of those they stand for.
    pub(super) siblings: HashMap<String, Bound>,
    /// A write was accepted that S3 refuses: nobody knows what is there, and only leaks are of interest.
    pub(super) changed: bool,
    /// Names of answers that were successes.
    succeeded: Vec<String>,
}

/// Nothing more can be said about the trial; `None`: what was found says it all.
pub(super) type Halt = Option<Stopped>;

/// Runs one trial in its bucket.
pub(super) async fn judge(
    session: &Session,
    catalogue: &Catalogue,
    trial: &Trial,
    bucket: &str,
) -> CaseResult {
    let begun = Instant::now();
    let mut walk = Walk {
        session,
        catalogue,
        trial,
        bucket,
        prefix: prefix(session, trial),
        bodies: Bodies::new(&session.options.seed, &trial.id, &trial.data),
        bindings: Bindings::default(),
        memory: Memory::default(),
        answers: Vec::new(),
        needles: needles(&session.options.seed, trial),
        findings: Vec::new(),
        flags: Vec::new(),
        transcript: Transcript::wanted(session),
        awaited: Vec::new(),
        siblings: HashMap::new(),
        changed: false,
        succeeded: Vec::new(),
    };
    let stopped = walk.run().await.err().flatten();
    walk.result(stopped, begun)
}

/// Every key of a trial begins with it: characters that all servers store alike.
fn prefix(session: &Session, trial: &Trial) -> String {
    let row = trial.row.as_deref().map(|row| {
        let plain: String = row
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        if plain == row {
            plain
        } else {
            format!("{plain}-{}", session.options.seed.tag(row))
        }
    });
    match row {
        Some(row) => format!("{}/{}/{row}/", session.run_id, trial.id),
        None => format!("{}/{}/", session.run_id, trial.id),
    }
}

impl<'a> Walk<'a> {
    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            target: &self.session.target,
            bucket: self.bucket,
            prefix: &self.prefix,
            case: &self.trial.id,
            seed: &self.session.options.seed,
            bodies: &self.bodies,
            now: SystemTime::now(),
        }
    }

    async fn run(&mut self) -> Result<(), Halt> {
        let trial = self.trial;
        for (index, step) in trial.steps.iter().enumerate() {
            match step.verb {
                _ if self.changed && !may_show_a_leak(step) => {}
                Verb::Compare => local::compare(self, index, step)?,
                Verb::Presign => local::presign(self, step)?,
                _ => self.step(index, step).await?,
            }
        }
        for (index, name) in self.awaited.iter().filter(|_| !self.changed) {
            if !self.succeeded.contains(name) && !self.is_stricter_at(name) {
                let reason = format!(
                    "step {}: its control, step `{name}`, did not succeed",
                    index + 1
                );
                return Err(Some(Stopped::Unproven(reason)));
            }
        }
        Ok(())
    }

    /// Whether the step of that name was refused where S3 tolerates it: that is said already.
    fn is_stricter_at(&self, name: &str) -> bool {
        let is_it = |step: &Step| step.name.as_deref() == Some(name);
        let index = self.trial.steps.iter().position(is_it);
        let mut found = self.findings.iter();
        found.any(|finding| finding.check == Check::Stricter && Some(finding.step) == index)
    }

    async fn step(&mut self, index: usize, step: &Step) -> Result<(), Halt> {
        let planned = self.plan(step.verb, step.asked(), &self.bindings)?;
        let result = self.send(index, Role::Step, &planned).await;
        let response = match result {
            Ok(response) => response,
            Err(failure) => {
                self.no_answer(index, step, &failure)?;
                look::look(self, index, step).await?;
                return self.control(index, step).await;
            }
        };
        self.skip_if_missing(step, &response)?;
        let next = self.judge_answer(index, step, &planned, &response)?;
        self.remember(step, &planned, &response);
        if response.status >= 400 && expects_refusal(step) {
            look::look(self, index, step).await?;
        }
        if !self.changed {
            self.control(index, step).await?;
        }
        self.changed |= next == Next::LookForLeaks;
        Ok(())
    }

    /// What proves the refusal that was expected, also where it did not come: a target that accepts
    /// everything may do nothing at all.
    async fn control(&mut self, index: usize, step: &Step) -> Result<(), Halt> {
        match &step.control {
            Control::Unneeded => Ok(()),
            Control::WithoutDefect => control::control(self, index, step).await,
            Control::After(name) => {
                self.awaited.push((index, name.clone()));
                Ok(())
            }
            Control::Impossible { .. } => {
                self.flag("no-control");
                Ok(())
            }
        }
    }

    pub(super) fn plan(
        &self,
        verb: Verb,
        call: &Call,
        bindings: &Bindings,
    ) -> Result<Planned, Halt> {
        plan(&self.ground(), bindings, verb, call).map_err(|error| Self::unplanned(&error))
    }

    /// A step that needs what an earlier answer lacks.
    pub(super) fn unplanned(error: &PlanError) -> Halt {
        Some(match error {
            PlanError::NoHttpEndpoint => Stopped::Skip(error.to_string()),
            PlanError::NoField { .. } | PlanError::Undefined(_) => {
                Stopped::Unproven(error.to_string())
            }
        })
    }

    /// Sends, and writes the answer down.
    pub(super) async fn send(
        &mut self,
        index: usize,
        role: Role,
        planned: &Planned,
    ) -> Result<Response, Failure> {
        let mut notes = Notes::default();
        let result = self
            .session
            .exchange_noting(self.bucket, planned.clone(), &mut notes)
            .await;
        let answered = answer(self.session, index, role, planned, &notes, result.as_ref());
        self.answers.push(answered);
        if notes.repeated > 0 {
            self.flag(super::FLAKY);
        }
        if let Some(transcript) = &mut self.transcript {
            let verb = self.trial.steps[index].verb.spec().name;
            transcript.push(self.session, (index, verb, role), planned, &notes, &result);
        }
        result
    }

    /// No answer: a refusal where nobody has to answer (plain http, half a body), else nothing is known.
    fn no_answer(&mut self, index: usize, step: &Step, failure: &Failure) -> Result<(), Halt> {
        let Failure::Transport(error) = failure else {
            return Err(Some(Stopped::Unproven(failure.to_string())));
        };
        let expect = step.expect.as_ref();
        let refusal = expect.is_some_and(|expect| expect.is_refusal());
        let wire = &step.asked().wire;
        let may_be_silent = wire.http || wire.stop_after.is_some();
        match (error, refusal) {
            (TransportError::Timeout { .. }, _) => {
                Err(Some(Stopped::Unproven(failure.to_string())))
            }
            (_, true) if may_be_silent => Ok(()),
            (TransportError::HalfBody, false) => {
                let place = expect.map_or(step.place, |expect| expect.place);
                self.find(
                    index,
                    step,
                    Difference {
                        check: Check::Bytes,
                        expected: "a whole answer".to_owned(),
                        got: error.to_string(),
                        place,
                        rule: None,
                    },
                );
                Err(None)
            }
            _ => Err(Some(Stopped::Unproven(format!(
                "{}: {failure}",
                name_of(index, step)
            )))),
        }
    }

    /// 501, unless S3 answers so itself, says that the target lacks a feature.
    pub(super) fn skip_if_missing(&self, step: &Step, response: &Response) -> Result<(), Halt> {
        use crate::case::expect::Status;
        let expected = step
            .expect
            .as_ref()
            .is_some_and(|expect| expect.status.value == Status::Exactly(501));
        let document = error_document("", response);
        let says_so = document.is_some_and(|document| document.code == "NotImplemented");
        if expected || !(response.status == 501 || says_so) {
            return Ok(());
        }
        let because = format!(
            "{} answered {}",
            step.verb.spec().operation,
            response.status
        );
        // An odd request may be what the target lacks, and not the operation.
        let call = step.asked();
        let plain = step.defective.is_none()
            && [&call.sse_c, &call.source_sse_c]
                .iter()
                .all(|triple| triple.is_none())
            && call.headers.is_empty()
            && call.query.is_empty();
        let features = feature::implied(Bucket::Shared, std::slice::from_ref(step));
        if let ([feature], true) = (&features[..], plain) {
            self.session.learn(feature, false, &because);
        }
        Err(Some(Stopped::Skip(because)))
    }

    /// Takes an answer into the bindings and the memory.
    fn remember(&mut self, step: &Step, planned: &Planned, response: &Response) {
        let call = step.asked();
        let object = self.object(planned);
        if response.is_success() {
            let as_expected = step
                .expect
                .as_ref()
                .is_some_and(|expect| !expect.is_refusal());
            match &object {
                Some(object) if !as_expected && step.verb.spec().kind != Kind::Read => {
                    self.memory.forget(object)
                }
                _ if !as_expected => {}
                _ => self.memory.accept(Accepted {
                    verb: step.verb,
                    call,
                    name: step.name.as_deref(),
                    object: object.as_deref(),
                    method: &planned.request.method,
                    response,
                    bodies: &self.bodies,
                    bindings: &self.bindings,
                }),
            }
        }
        if let Some(name) = &step.name {
            let lacks = doubt::missing(self, step.verb, call, planned, response);
            if response.status < 400 && lacks.is_none() {
                self.succeeded.push(name.clone());
            }
            let bound = Bound {
                response: Some(response.clone()),
                object,
                part: call.part.clone(),
                url: None,
            };
            self.bindings.insert(name.clone(), bound);
        }
    }

    /// The object that a request is about, by its name in the case.
    pub(super) fn object(&self, planned: &Planned) -> Option<String> {
        Some(
            planned
                .key
                .as_deref()?
                .strip_prefix(&self.prefix)?
                .to_owned(),
        )
    }

    pub(super) fn flag(&mut self, flag: &str) {
        if !self.flags.iter().any(|known| known == flag) {
            self.flags.push(flag.to_owned());
        }
    }

    /// Where a step's expectation stands.
    pub(super) fn place(step: &Step) -> Place {
        step.expect
            .as_ref()
            .map_or(step.place, |expect| expect.place)
    }
}

/// Whether a step still says something where nobody knows what is stored: a read that S3 refuses.
fn may_show_a_leak(step: &Step) -> bool {
    let call = step.asked();
    step.verb.spec().kind == Kind::Read && expects_refusal(step) && call.version.is_none()
}

fn expects_refusal(step: &Step) -> bool {
    step.expect.as_ref().is_some_and(Expect::is_refusal)
}
