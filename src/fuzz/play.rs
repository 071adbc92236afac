//! Plays a sequence against an endpoint: sends each step, compares the answer with the model's, and says what
//! does not hold. It opens no sockets itself and decides nothing about what comes next.

use std::collections::HashMap;

use super::finding::{Bucket, Finding};
use super::oracle;
use super::stage::{CASE, Endpoint, NoAnswer, Played, Sight, Stage};
use crate::case::call::Sign;
use crate::case::expect::Status;
use crate::case::triple::KeyName;
use crate::case::verb::Verb;
use crate::check::{self, Difference, ErrorDocument, Question, error_document};
use crate::keys::{Needles, Seed};
use crate::model::{Act, Move, Op, Script};
use crate::plan::{Bindings, Bodies, Bound, Ground, PlanError, Planned, plan};
use crate::sign::Signer;
use crate::verdict::{Check, Proof, Stakes, grade};
use crate::wire::Response;

/// How long a presigned URL holds, in seconds.
const LIFETIME_S: i64 = 300;
/// Plays the operations.
pub async fn play<E: Endpoint>(stage: &Stage<'_, E>, ops: &[Op]) -> Played {
    let script = Script::of(ops, stage.scale);
    let mut player = Player {
        stage,
        ops,
        bodies: Bodies::new(stage.seed, CASE, script.world.data()),
        bindings: Bindings::default(),
        needles: needles(stage.seed),
        words: HashMap::new(),
        played: Played::default(),
    };
    for step in &script.moves {
        if !player.go(step).await {
            break;
        }
    }
    player.played
}

/// Every key that a sequence may use.
fn needles(seed: &Seed) -> Needles {
    let mut needles = Needles::default();
    for name in ['A', 'B', 'C', 'D'].into_iter().filter_map(KeyName::new) {
        needles.add(&seed.customer_key(CASE, &name.to_string()));
    }
    needles
}

struct Player<'a, E> {
    stage: &'a Stage<'a, E>,
    ops: &'a [Op],
    bodies: Bodies,
    bindings: Bindings,
    needles: Needles,
    /// In which words other keys were refused, by verb.
    words: HashMap<Verb, (u16, Option<ErrorDocument>)>,
    played: Played,
}

impl<E: Endpoint> Player<'_, E> {
    /// Plays one step; `false`: what follows would say nothing.
    async fn go(&mut self, one: &Move) -> bool {
        let planned = match plan(
            &self.ground(),
            &self.bindings,
            one.step.verb,
            one.step.asked(),
        ) {
            Ok(planned) => planned,
            // Without an endpoint over http this cannot be asked.
            Err(PlanError::NoHttpEndpoint) => return !self.is_write(one),
            Err(_) => return false,
        };
        if one.step.verb == Verb::Presign {
            return self.presign(one, &planned);
        }
        let answer = self.exchange(&planned).await;
        let response = match answer {
            Ok(response) => response,
            Err(NoAnswer::Over(why)) => {
                self.played.over = Some(why);
                return false;
            }
            Err(NoAnswer::Silence(why)) => return self.silence(one, &why),
        };
        let document = error_document(&planned.request.method, &response);
        self.see(one, response.status, document.as_ref());
        if self.lacks(one, &response, document.as_ref()) {
            return false;
        }
        let differences = self.differences(one, &planned, &response);
        let goes_on = goes_on(&differences, one);
        for difference in differences {
            self.find(one, difference);
        }
        self.same_words(one, &response, document.as_ref());
        if is_vague(one) && response.status >= 400 {
            self.same_again(one, &planned, response.status, document.as_ref())
                .await;
        }
        self.bind(one, response);
        goes_on
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            target: self.stage.endpoint.target(),
            bucket: self.stage.bucket,
            prefix: self.stage.prefix,
            case: CASE,
            seed: self.stage.seed,
            bodies: &self.bodies,
            now: self.stage.endpoint.now(),
        }
    }

    async fn exchange(&mut self, planned: &Planned) -> Result<Response, NoAnswer> {
        let sent = planned.request.body.len();
        let answer = self
            .stage
            .endpoint
            .exchange(self.stage.bucket, planned.clone())
            .await;
        let received = answer.as_ref().map_or(0, |response| response.body.len());
        self.played.requests += 1;
        self.played.bytes += (sent + received) as u64;
        answer
    }

    fn presign(&mut self, one: &Move, planned: &Planned) -> bool {
        let target = self.stage.endpoint.target();
        let signer = Signer {
            credentials: &target.credentials,
            region: &target.region,
            now: self.stage.endpoint.now(),
        };
        let expires = one.step.call.expires.unwrap_or(LIFETIME_S);
        let sign: &Sign = &planned.sign;
        let Ok(url) = signer.presign(&planned.request, sign, expires) else {
            return false;
        };
        let bound = Bound {
            response: None,
            object: one.step.call.object.clone(),
            part: None,
            url: Some((planned.request.method.clone(), url)),
        };
        self.bindings
            .insert(one.step.name.clone().unwrap_or_default(), bound);
        true
    }

    fn bind(&mut self, one: &Move, response: Response) {
        let call = one.step.asked();
        let bound = Bound {
            response: Some(response),
            object: call.object.clone(),
            part: call.part.clone(),
            url: None,
        };
        self.bindings
            .insert(one.step.name.clone().unwrap_or_default(), bound);
    }

    fn differences(&self, one: &Move, planned: &Planned, response: &Response) -> Vec<Difference> {
        let Some(expect) = &one.step.expect else {
            return Vec::new();
        };
        let ground = self.ground();
        let key_md5 = one
            .aim
            .key
            .map(|name| ground.customer_key(name).md5_base64());
        let plaintext = one
            .aim
            .plaintext
            .as_ref()
            .map(|content| self.bodies.of(&content.body()));
        let question = Question {
            verb: one.step.verb,
            method: &planned.request.method,
            expect,
            value: &|value| {
                ground
                    .value(&self.bindings, value)
                    .map_err(|error| error.to_string())
            },
            bodies: &self.bodies,
            unusual: one.defect.is_some(),
            setup: false,
            about_etags: true,
            about_echo: true,
            key_md5: key_md5.as_deref(),
            has_triple: one.step.asked().sse_c.is_some(),
            // Short bodies say nothing: their bytes are everywhere.
            plaintext: plaintext.as_ref(),
            entitled: one.aim.entitled,
            needles: &self.needles,
        };
        check::check(&question, response)
    }

    fn find(&mut self, one: &Move, difference: Difference) {
        let invariant = oracle::invariant(difference.check, &difference.expected, one);
        let rule = difference.rule.map(str::to_owned);
        let rule = rule
            .or_else(|| one.step.rules.first().cloned())
            .unwrap_or_default();
        self.played.findings.push(Finding {
            bucket: Bucket {
                invariant,
                act: self.ops[one.op].act,
                defect: one
                    .defect
                    .or(self.ops[one.op].defect.filter(|_| one.is_look)),
            },
            grade: grade(difference.check, self.stakes(&rule)),
            check: difference.check,
            op: one.op,
            rule,
            expected: difference.expected,
            got: difference.got,
        });
    }

    fn say(&mut self, one: &Move, check: Check, expected: &str, got: String) {
        let difference = Difference {
            check,
            expected: expected.to_owned(),
            got,
            place: one.step.place,
            rule: None,
        };
        self.find(one, difference);
    }

    fn stakes(&self, rule: &str) -> Stakes {
        let rule = self.stage.catalogue.map(|catalogue| catalogue.rule(rule));
        let (unsafe_impact, firm) = match rule {
            None => (true, true),
            Some(rule) => (
                rule.is_some_and(|rule| rule.impact.is_unsafe()),
                rule.is_some_and(|rule| !rule.is_weak()) || self.stage.endpoint.target().bundled,
            ),
        };
        Stakes {
            unsafe_impact,
            proof: if firm { Proof::Firm } else { Proof::Weak },
        }
    }

    /// No answer is a refusal where S3 refuses what is half sent or in clear, and a failure elsewhere.
    fn silence(&mut self, one: &Move, why: &str) -> bool {
        self.see(one, 0, None);
        let wire = &one.step.asked().wire;
        let may_be_silent = wire.http || wire.stop_after.is_some();
        let refused = one
            .step
            .expect
            .as_ref()
            .is_some_and(|expect| expect.is_refusal());
        if !(may_be_silent && refused) {
            self.say(one, Check::ServerError, "an answer", why.to_owned());
        }
        refused
    }

    fn see(&mut self, one: &Move, status: u16, document: Option<&ErrorDocument>) {
        self.played.seen.push(Sight {
            act: self.ops[one.op].act,
            defect: one.defect,
            state: one.state.clone(),
            status,
            code: document
                .map(|document| document.code.clone())
                .unwrap_or_default(),
        });
    }

    fn lacks(&mut self, one: &Move, response: &Response, document: Option<&ErrorDocument>) -> bool {
        let says_so = document.is_some_and(|document| document.code == "NotImplemented");
        let lacks = response.status == 501 || says_so;
        if lacks {
            let operation = one.step.verb.spec().operation;
            let why = format!("{operation} is answered {}", response.status);
            self.played.lacks = Some((self.ops[one.op].act, why));
        }
        lacks
    }

    /// Every other key is refused in the same words.
    fn same_words(&mut self, one: &Move, response: &Response, document: Option<&ErrorDocument>) {
        let is_key = matches!(
            one.step.rules.first().map(String::as_str),
            Some("GET-003" | "GET-005")
        );
        if !is_key || response.status < 400 || one.step.asked().range.is_some() {
            return;
        }
        let words = (response.status, document.cloned());
        let before = self
            .words
            .entry(one.step.verb)
            .or_insert_with(|| words.clone())
            .clone();
        if before != words {
            let expected = format!("{} as for another key before", described(&before));
            let got = described(&words);
            self.say(one, Check::Compare, &expected, got);
        }
    }

    /// Where S3's answer is not known, it is at least the same twice.
    async fn same_again(
        &mut self,
        one: &Move,
        planned: &Planned,
        status: u16,
        document: Option<&ErrorDocument>,
    ) {
        let Ok(again) = self.exchange(planned).await else {
            return;
        };
        let code =
            |document: Option<&ErrorDocument>| document.map(|document| document.code.clone());
        let other = error_document(&planned.request.method, &again);
        if (again.status, code(other.as_ref())) != (status, code(document)) {
            let expected = described(&(status, document.cloned()));
            let got = described(&(again.status, other));
            self.say(one, Check::Compare, &format!("{expected} again"), got);
        }
    }

    fn is_write(&self, one: &Move) -> bool {
        !matches!(self.ops[one.op].act, Act::Get | Act::Head | Act::Attributes)
            && one
                .step
                .expect
                .as_ref()
                .is_some_and(|expect| !expect.is_refusal())
    }
}

fn described((status, document): &(u16, Option<ErrorDocument>)) -> String {
    document.as_ref().map_or_else(
        || status.to_string(),
        |document| {
            let message = document.message.as_deref().unwrap_or_default();
            format!("{status} {} {message:?}", document.code)
        },
    )
}

fn is_vague(one: &Move) -> bool {
    let expect = one.step.expect.as_ref();
    let truncated = one.step.asked().wire.stop_after.is_some();
    expect.is_some_and(|expect| expect.status.value == Status::Refused) && !truncated
}

/// Whether the model still knows what is in the bucket.
fn goes_on(differences: &[Difference], one: &Move) -> bool {
    let is_read = matches!(
        one.step.verb,
        Verb::Get | Verb::Head | Verb::Attributes | Verb::List | Verb::ListParts
    );
    let astray = |difference: &Difference| {
        matches!(
            difference.check,
            Check::Accepted | Check::Refused | Check::Stricter | Check::ServerError
        )
    };
    is_read || !differences.iter().any(astray)
}
