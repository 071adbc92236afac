//! From an answer to graded findings: what is known about the object it is about, and how much a difference
//! weighs under the rules that the step cites.

use bytes::Bytes;

use super::memory::Known;
use super::steps::{
    is_about_echo, is_about_etags, is_after_the_end, is_setup, is_unusual, name_of,
};
use super::walk::{Halt, Walk};
use crate::case::call::{Call, Sign};
use crate::case::triple::Triple;
use crate::case::verb::{Kind, Verb};
use crate::case::{Expect, Step};
use crate::check::{self, Difference, Question};
use crate::plan::Planned;
use crate::verdict::{Answer, Check, Finding, Grade, Proof, Stakes, Stopped, grade};
use crate::wire::{Response, percent_encode};

impl Walk<'_> {
    /// Findings of the answer; a set-up step or a broken target ends the trial.
    pub(super) fn judge_answer(
        &mut self,
        index: usize,
        step: &Step,
        planned: &Planned,
        response: &Response,
    ) -> Result<Next, Halt> {
        let Some(expect) = &step.expect else {
            return Ok(Next::GoOn);
        };
        let setup = is_setup(self.trial, index);
        let known = self.known(step, planned);
        let differences = self.differences(index, step, planned, (expect, setup, &known), response);
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
        let is_again = is_after_the_end(self.trial, index);
        let next = next(&planned.request.method, is_again, &differences);
        let mut stakes = self.stakes(&step.rules);
        stakes.unsafe_impact &= !is_harmless(step, &known);
        for difference in differences {
            self.weigh(index, step, difference, stakes);
        }
        if next == Next::Over {
            Err(self.noted_only(index).then(|| {
                let name = name_of(index, step);
                Stopped::Skip(format!(
                    "{name}: refused, which S3 is only thought to accept"
                ))
            }))
        } else {
            Ok(next)
        }
    }

    /// Whether all that was found at a step is a note: then nothing was shown by what ended there.
    fn noted_only(&self, index: usize) -> bool {
        let here = self.findings.iter().filter(|finding| finding.step == index);
        let mut grades = here.map(|finding| finding.grade).peekable();
        grades.peek().is_some() && grades.all(|grade| grade == Grade::Note)
    }

    /// How the answer differs from S3's, as far as that is of interest here.
    fn differences(
        &self,
        index: usize,
        step: &Step,
        planned: &Planned,
        (expect, setup, known): (&Expect, bool, &Concerned),
        response: &Response,
    ) -> Vec<Difference> {
        let ground = self.ground();
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
            unusual: is_unusual(self.trial, index),
            setup,
            about_etags: is_about_etags(step),
            about_echo: is_about_echo(step),
            key_md5: known.key_md5.as_deref(),
            has_triple: step.asked().sse_c.is_some(),
            plaintext: known.plaintext.as_ref(),
            entitled: known.entitled,
            needles: &self.needles,
        };
        let mut found = check::check(&question, response);
        found.retain(|difference| !self.changed || is_leak(difference.check));
        found
    }

    /// Grades a difference under the step's rules and writes it down.
    pub(super) fn find(&mut self, index: usize, step: &Step, difference: Difference) {
        let stakes = self.stakes(&step.rules);
        self.weigh(index, step, difference, stakes);
    }

    fn weigh(&mut self, index: usize, step: &Step, difference: Difference, stakes: Stakes) {
        let Difference {
            check,
            expected,
            got,
            place,
            rule,
        } = difference;
        // A check that holds a rule of its own is graded by that rule.
        let stakes = rule.map_or(stakes, |rule| self.stakes(&[rule.to_owned()]));
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

    /// What is known about the object, or the part, that a request is about.
    fn known(&self, step: &Step, planned: &Planned) -> Concerned {
        let call = step.asked();
        let md5 = |name| self.ground().customer_key(name).md5_base64();
        let of_call = || call.sse_c.as_ref().and_then(Triple::key_name);
        let sent = call.body.as_ref().map(|body| self.bodies.of(body));
        match step.verb {
            Verb::Put => {
                Concerned::written(sent.or_else(|| Some(Bytes::new())), of_call().map(md5))
            }
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
        let shows = |name| carries(planned, &ground.customer_key(name).base64());
        Concerned {
            entitled: stored.key.is_none_or(shows),
            key_md5: stored
                .key
                .map(|name| ground.customer_key(name).md5_base64()),
            plaintext: Some(stored.bytes),
        }
    }
}

/// How a trial goes on after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Next {
    /// As written.
    GoOn,
    /// With the control, and then only with reads that may show a leak: something was changed that the case
    /// rests on.
    LookForLeaks,
    /// Not at all.
    Over,
}

/// What should have been changed and was not, or the reverse, every later step would only say again.
fn next(method: &str, is_again: bool, differences: &[Difference]) -> Next {
    let reads = matches!(method, "GET" | "HEAD") || is_again;
    let of = |difference: &Difference| match difference.check {
        Check::Refused | Check::ServerError => Next::Over,
        Check::Stricter if !reads => Next::Over,
        Check::Accepted if !reads => Next::LookForLeaks,
        _ => Next::GoOn,
    };
    differences.iter().map(of).max().unwrap_or(Next::GoOn)
}

/// Whether a check says that something was given away, whatever is stored.
const fn is_leak(check: Check) -> bool {
    matches!(
        check,
        Check::Accepted | Check::PlaintextInAnswer | Check::KeyInAnswer | Check::KeyEchoed
    )
}

/// Whether a read gives the object to nobody but who has shown its key: a range beyond the end that is
/// answered is not as S3 does, and not unsafe either.
fn is_harmless(step: &Step, known: &Concerned) -> bool {
    let call = step.asked();
    let proven = known.key_md5.is_some() && known.entitled;
    let ordinary = call.sign == Sign::default() && !call.wire.http;
    step.verb.spec().kind == Kind::Read && proven && ordinary
}

/// What is known about the object that a request is about.
struct Concerned {
    plaintext: Option<Bytes>,
    key_md5: Option<String>,
    entitled: bool,
}

impl Concerned {
    const fn written(plaintext: Option<Bytes>, key_md5: Option<String>) -> Self {
        Self {
            plaintext,
            key_md5,
            entitled: true,
        }
    }
}

/// Whether a key is in a request, in a header or in the query.
fn carries(planned: &Planned, key: &str) -> bool {
    let request = &planned.request;
    let mut values = request.headers.iter().map(|(_, value)| value);
    values.any(|value| value.contains(key))
        || request.query.contains(&percent_encode(key, ""))
        || request.query.contains(key)
}
