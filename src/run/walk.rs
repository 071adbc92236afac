//! One trial from its first step to its verdict. For a refusal the order is: the defective request, the
//! look, the control.

use std::time::{Instant, SystemTime};

use super::answer::answer;
use super::memory::{Accepted, Known, Memory};
use super::session::{Failure, Session};
use super::steps::{is_setup, is_unusual, name_of, needles};
use super::{control, local, look};
use crate::case::call::Call;
use crate::case::feature;
use crate::case::place::Place;
use crate::case::triple::Triple;
use crate::case::verb::{Kind, Verb};
use crate::case::{Bucket, Control, Step, Trial};
use crate::catalogue::Catalogue;
use crate::check::{self, Difference, Question, error_document};
use crate::event::CaseResult;
use crate::keys::Needles;
use crate::plan::{Bindings, Bodies, Bound, Ground, PlanError, Planned, plan};
use crate::transport::TransportError;
use crate::verdict::{Answer, Check, Finding, Proof, Role, Stakes, Stopped, decide, grade};
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
    needles: Needles,
    findings: Vec<Finding>,
    flags: Vec<String>,
    /// Later steps that earlier refusals wait for.
    awaited: Vec<(usize, String)>,
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
        awaited: Vec::new(),
        succeeded: Vec::new(),
    };
    let stopped = walk.run().await.err().flatten();
    walk.result(stopped, begun)
}

/// A trial that is not run.
pub(super) fn unrun(trial: &Trial, stopped: Stopped) -> CaseResult {
    let (raw, reason) = match stopped {
        Stopped::Skip(reason) => (crate::verdict::Verdict::Skip, reason),
        Stopped::Unproven(reason) => (crate::verdict::Verdict::Unproven, reason),
    };
    CaseResult {
        name: trial.name.clone(),
        id: trial.id.clone(),
        row: trial.row.clone(),
        title: trial.title.clone(),
        file: trial.file.to_string(),
        line: trial.place.line,
        rules: trial.rules.clone(),
        raw,
        overlay: None,
        flags: Vec::new(),
        reason: Some(reason),
        findings: Vec::new(),
        answers: Vec::new(),
        duration: std::time::Duration::ZERO,
    }
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
                Verb::Compare => local::compare(self, index, step)?,
                Verb::Presign => local::presign(self, step)?,
                _ => self.step(index, step).await?,
            }
        }
        for (index, name) in &self.awaited {
            if !self.succeeded.contains(name) {
                let reason = format!(
                    "step {}: its control, step `{name}`, did not succeed",
                    index + 1
                );
                return Err(Some(Stopped::Unproven(reason)));
            }
        }
        Ok(())
    }

    async fn step(&mut self, index: usize, step: &Step) -> Result<(), Halt> {
        let planned = self.plan(step.verb, step.asked(), &self.bindings)?;
        let result = self.send(index, Role::Step, &planned).await;
        let response = match result {
            Ok(response) => response,
            Err(failure) => {
                self.no_answer(index, step, failure)?;
                return self.prove(index, step).await;
            }
        };
        self.skip_if_missing(step, &response)?;
        let refused = response.status >= 400;
        self.judge_answer(index, step, &planned, &response)?;
        self.remember(step, &planned, &response);
        if refused {
            self.prove(index, step).await
        } else {
            Ok(())
        }
    }

    /// The look and the control of a refusal that was expected.
    async fn prove(&mut self, index: usize, step: &Step) -> Result<(), Halt> {
        if !step
            .expect
            .as_ref()
            .is_some_and(|expect| expect.is_refusal())
        {
            return Ok(());
        }
        look::look(self, index, step).await?;
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
        plan(&self.ground(), bindings, verb, call).map_err(|error| self.unplanned(&error))
    }

    /// A step that needs what an earlier, already faulty answer lacks says nothing new.
    pub(super) fn unplanned(&self, error: &PlanError) -> Halt {
        match error {
            PlanError::NoHttpEndpoint => Some(Stopped::Skip(error.to_string())),
            _ if !self.findings.is_empty() => None,
            _ => Some(Stopped::Unproven(error.to_string())),
        }
    }

    /// Sends, and writes the answer down.
    pub(super) async fn send(
        &mut self,
        index: usize,
        role: Role,
        planned: &Planned,
    ) -> Result<Response, Failure> {
        let result = self.session.exchange(self.bucket, planned.clone()).await;
        self.answers
            .push(answer(self.session, index, role, planned, result.as_ref()));
        result
    }

    /// No answer: a refusal where nobody has to answer (plain http, half a body), else nothing is known.
    fn no_answer(&mut self, index: usize, step: &Step, failure: Failure) -> Result<(), Halt> {
        let Failure::Transport(error) = &failure else {
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
                "step {}: {failure}",
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
        let features = feature::implied(Bucket::Shared, std::slice::from_ref(step));
        if let [feature] = features[..] {
            self.session.learn(feature, false, &because);
        }
        Err(Some(Stopped::Skip(because)))
    }

    /// Findings of the answer; a set-up step or a broken target ends the trial.
    fn judge_answer(
        &mut self,
        index: usize,
        step: &Step,
        planned: &Planned,
        response: &Response,
    ) -> Result<(), Halt> {
        let Some(expect) = &step.expect else {
            return Ok(());
        };
        let setup = is_setup(self.trial, index);
        let differences = {
            let ground = self.ground();
            let known = self.known(step, planned);
            let question = Question {
                verb: step.verb,
                method: &planned.request.method,
                expect,
                value: &|value| {
                    ground
                        .value(&self.bindings, value)
                        .map_err(|error| error.to_string())
                },
                bodies: &self.bodies,
                unusual: is_unusual(step),
                setup,
                key_md5: known.key_md5.as_deref(),
                has_triple: step.asked().sse_c.is_some(),
                plaintext: known.plaintext.as_ref(),
                entitled: known.entitled,
                needles: &self.needles,
            };
            check::check(&question, response)
        };
        let refused = differences
            .iter()
            .any(|difference| matches!(difference.check, Check::Refused | Check::Stricter));
        if setup && refused {
            let brief = self.answers.last().map(Answer::brief).unwrap_or_default();
            return Err(Some(Stopped::Unproven(format!(
                "set-up {} was refused: {brief}",
                name_of(index, step)
            ))));
        }
        let broken = differences
            .iter()
            .any(|difference| matches!(difference.check, Check::Refused | Check::ServerError));
        for difference in differences {
            self.find(index, step, difference);
        }
        if broken { Err(None) } else { Ok(()) }
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
            if response.status < 400 {
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

    /// Grades a difference and writes it down.
    pub(super) fn find(&mut self, index: usize, step: &Step, difference: Difference) {
        let stakes = self.stakes(&step.rules);
        let Difference {
            check,
            expected,
            got,
            place,
            rule,
        } = difference;
        let clean = |text: String| self.session.redactor.text(&text).into_owned();
        let finding = Finding {
            step: index,
            check,
            grade: grade(check, stakes),
            expected: clean(expected),
            got: clean(got),
            rule: rule
                .map(str::to_owned)
                .or_else(|| step.rules.first().cloned()),
            line: place.line,
            column: place.column,
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The gravest impact and the best evidence of the rules that a step cites.
    fn stakes(&self, rules: &[String]) -> Stakes {
        let rules = || rules.iter().filter_map(|id| self.catalogue.rule(id));
        let firm = self.session.target.bundled || rules().any(|rule| !rule.is_weak());
        Stakes {
            unsafe_impact: rules().any(|rule| rule.impact.is_unsafe()),
            proof: if firm { Proof::Firm } else { Proof::Weak },
        }
    }

    pub(super) fn flag(&mut self, flag: &str) {
        if !self.flags.iter().any(|known| known == flag) {
            self.flags.push(flag.to_owned());
        }
    }

    /// What is known about the object, or the part, that a request is about.
    fn known(&self, step: &Step, planned: &Planned) -> Concerned {
        let call = step.asked();
        let md5 = |name| self.ground().customer_key(name).md5_base64();
        let of_call = || call.sse_c.as_ref().and_then(Triple::key_name);
        let sent = call.body.as_ref().map(|body| self.bodies.of(body));
        match step.verb {
            Verb::Put => Concerned::written(
                sent.or_else(|| Some(bytes::Bytes::new())),
                of_call().map(md5),
            ),
            Verb::Copy => {
                let source = call
                    .from
                    .as_deref()
                    .map(|from| self.memory.read(from, None));
                let bytes = match source {
                    Some(Known::Is(stored)) if call.source_version.is_none() => Some(stored.bytes),
                    _ => None,
                };
                Concerned::written(bytes, of_call().map(md5))
            }
            Verb::StartUpload => Concerned::written(None, of_call().map(md5)),
            Verb::UploadPart | Verb::UploadPartCopy | Verb::CompleteUpload => {
                let key = self
                    .memory
                    .upload(call)
                    .and_then(|upload| upload.triple.as_ref()?.key_name());
                Concerned::written(sent.filter(|_| step.verb == Verb::UploadPart), key.map(md5))
            }
            Verb::Get | Verb::Head | Verb::Attributes => self.known_read(call, planned),
            Verb::Use if planned.request.method == "PUT" => {
                Concerned::written(sent, of_call().map(md5))
            }
            Verb::Use if planned.request.method != "DELETE" => self.known_read(call, planned),
            _ => Concerned::written(None, None),
        }
    }

    fn known_read(&self, call: &Call, planned: &Planned) -> Concerned {
        let ground = self.ground();
        let version = call
            .version
            .as_ref()
            .and_then(|version| ground.value(&self.bindings, version).ok());
        let Some(object) = self.object(planned) else {
            return Concerned::written(None, None);
        };
        let Known::Is(stored) = self.memory.read(&object, version.as_deref()) else {
            return Concerned::written(None, None);
        };
        let shown = call.sse_c.as_ref().and_then(Triple::key_name);
        Concerned {
            entitled: stored.key.is_none() || shown == stored.key,
            key_md5: stored
                .key
                .map(|name| ground.customer_key(name).md5_base64()),
            plaintext: Some(stored.bytes),
        }
    }

    fn result(self, stopped: Option<Stopped>, begun: Instant) -> CaseResult {
        let raw = decide(&self.findings, stopped.as_ref());
        let reason = stopped.map(|stopped| match stopped {
            Stopped::Skip(reason) | Stopped::Unproven(reason) => {
                self.session.redactor.text(&reason).into_owned()
            }
        });
        CaseResult {
            raw,
            reason: reason.or_else(|| self.no_control()),
            flags: self.flags,
            findings: self.findings,
            answers: self.answers,
            duration: begun.elapsed(),
            ..unrun(self.trial, Stopped::Skip(String::new()))
        }
    }

    /// Why a refusal of the trial has no control.
    fn no_control(&self) -> Option<String> {
        self.trial
            .steps
            .iter()
            .find_map(|step| match &step.control {
                Control::Impossible { because } => Some(because.clone()),
                _ => None,
            })
    }

    /// Where a step's expectation stands.
    pub(super) fn place(step: &Step) -> Place {
        step.expect
            .as_ref()
            .map_or(step.place, |expect| expect.place)
    }
}

/// What is known about the object that a request is about.
struct Concerned {
    plaintext: Option<bytes::Bytes>,
    key_md5: Option<String>,
    entitled: bool,
}

impl Concerned {
    const fn written(plaintext: Option<bytes::Bytes>, key_md5: Option<String>) -> Self {
        Self {
            plaintext,
            key_md5,
            entitled: true,
        }
    }
}
