//! `ssec fuzz`: plays sequences against a target until the budget is spent; confirms, shrinks and writes down what
//! it finds; removes what it made. Prints nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::event::{Ending, Event, Found, Other, Progress, Summary};
use super::finding::{Bucket, Finding};
use super::live::Ground;
use super::novelty::Novelty;
use super::stage::Played;
use super::{export, generate, shrink};
use crate::catalogue::Catalogue;
use crate::event::SseC;
use crate::model::{Act, Op, Scale};
use crate::run::{Guest, Options};
use crate::target::Target;
use crate::verdict::{Gate, Grade};

/// How often a finding is played again before it is believed.
const CONFIRM: u32 = 3;
/// How often a target may be asked for a sequence that is being made smaller.
const SHRINK_TRIES: usize = 200;
/// How long a finding may be made smaller.
const SHRINK_TIME: Duration = Duration::from_secs(20);
/// How often progress is told.
const PROGRESS: Duration = Duration::from_secs(1);
/// More findings than this say nothing new.
const FOUND_MAX: usize = 50;

/// How much a hunt may do.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How long.
    pub time: Duration,
    /// How many requests.
    pub requests: u64,
    /// How many bytes of bodies, sent and received.
    pub bytes: u64,
}

/// Hunts in `target` and tells `tell` what happens. `options` say how: its seed, gate, pace, journal.
pub async fn hunt(
    target: &Target,
    options: Options,
    budget: Budget,
    catalogue: &Catalogue,
    tell: &mut dyn FnMut(Event),
) -> Summary {
    let mut hunt = Hunt {
        budget,
        gate: options.gate,
        fail_fast: options.fail_fast,
        dice: Dice::of(options.seed.as_str()),
        begun: Instant::now(),
        told: Instant::now(),
        progress: Progress::default(),
        novelty: Novelty::default(),
        lacking: BTreeSet::new(),
        found: Vec::new(),
        others: BTreeMap::new(),
        lane: 0,
    };
    let (seed, jobs) = (options.seed.clone(), options.jobs.max(1));
    let guest = match Guest::open(target, options) {
        Ok(guest) => guest,
        Err(why) => return hunt.summary(Ending::Preflight(why), crate::event::Cleanup::default()),
    };
    let ending = match hunt.admitted(&guest, tell).await {
        Err(ending) => ending,
        Ok(shared) => {
            let ground = Ground {
                guest: &guest,
                shared: &shared,
                seed: &seed,
                catalogue,
            };
            hunt.go(&ground, jobs, tell).await
        }
    };
    let cleanup = guest.leave().await;
    hunt.summary(ending, cleanup)
}

struct Hunt {
    budget: Budget,
    gate: Gate,
    fail_fast: bool,
    dice: Dice,
    begun: Instant,
    told: Instant,
    progress: Progress,
    novelty: Novelty,
    /// Acts that the target does not know.
    lacking: BTreeSet<Act>,
    found: Vec<Found>,
    others: BTreeMap<Bucket, Other>,
    /// Names the place of each sequence.
    lane: u64,
}

impl Hunt {
    /// The first question; the bucket that sequences share.
    async fn admitted(
        &mut self,
        guest: &Guest,
        tell: &mut dyn FnMut(Event),
    ) -> Result<String, Ending> {
        let answered = guest.first_question().await.map_err(|why| {
            if guest.is_interrupted() {
                Ending::Interrupted
            } else {
                Ending::Preflight(why)
            }
        })?;
        let (sse_c, because) = (answered.sse_c, answered.because.clone());
        tell(Event::FirstQuestion(Box::new(answered)));
        match sse_c {
            SseC::Ignored => Err(Ending::Ignored),
            SseC::Blocked | SseC::Unsupported | SseC::Unasked => Err(Ending::Preflight(because)),
            SseC::Supported => guest.shared_bucket().await.map_err(Ending::Preflight),
        }
    }

    /// Rounds of as many sequences as may be played at a time.
    async fn go(
        &mut self,
        ground: &Ground<'_>,
        jobs: usize,
        tell: &mut dyn FnMut(Event),
    ) -> Ending {
        self.forget_what_the_target_lacks(ground.guest);
        loop {
            if let Some(ending) = self.ending(ground.guest) {
                return ending;
            }
            let round: Vec<Vec<Op>> = (0..jobs).map(|_| self.next()).collect();
            let lanes: Vec<String> = round.iter().map(|_| self.next_lane()).collect();
            let playing = round
                .iter()
                .zip(&lanes)
                .map(|(ops, lane)| ground.play(ops, lane));
            let played = at_once(playing).await;
            ground.guest.tidy().await;
            for (ops, played) in round.iter().zip(played) {
                self.take(ground, ops, played, tell).await;
            }
            self.tell_progress(tell);
        }
    }

    /// A target that may not be given buckets has none of its own for a sequence.
    fn forget_what_the_target_lacks(&mut self, guest: &Guest) {
        for feature in guest
            .features()
            .into_iter()
            .filter(|feature| !feature.present)
        {
            let lacking: &[Act] = match feature.name.as_str() {
                "buckets" => &[
                    Act::EnableVersions,
                    Act::SuspendVersions,
                    Act::Block,
                    Act::Unblock,
                ],
                "versioning" => &[Act::EnableVersions, Act::SuspendVersions, Act::ListVersions],
                "blocking" => &[Act::Block, Act::Unblock],
                _ => &[],
            };
            self.lacking.extend(lacking);
        }
    }

    fn ending(&self, guest: &Guest) -> Option<Ending> {
        let spent = self.begun.elapsed() >= self.budget.time
            || self.progress.requests >= self.budget.requests
            || self.progress.bytes >= self.budget.bytes
            || self.found.len() >= FOUND_MAX;
        if guest.is_interrupted() {
            Some(Ending::Interrupted)
        } else if let Some(why) = guest.death() {
            Some(Ending::TargetDied(why))
        } else if self.fail_fast && !self.found.is_empty() {
            Some(Ending::FailFast)
        } else {
            spent.then_some(Ending::Spent)
        }
    }

    /// The next sequence: a new one, or one like those that showed something new.
    fn next(&mut self) -> Vec<Op> {
        let Self {
            dice,
            novelty,
            lacking,
            found,
            ..
        } = self;
        let allowed = |act: Act| !lacking.contains(&act);
        let fresh = dice.once_in(2);
        let mut ops = match novelty.pick(dice) {
            Some(kept) if !fresh => {
                let other = generate::sequence(dice, &allowed);
                generate::like(dice, kept, &other, &allowed)
            }
            _ => generate::sequence(dice, &allowed),
        };
        // What is found already is mostly left alone, so that it does not hide the rest.
        if !dice.once_in(8) {
            ops.retain(|op| op.defect.is_none() || !found.iter().any(|found| is_that(found, op)));
        }
        ops
    }

    fn next_lane(&mut self) -> String {
        self.lane += 1;
        self.lane.to_string()
    }

    /// Takes in what a sequence showed.
    async fn take(
        &mut self,
        ground: &Ground<'_>,
        ops: &[Op],
        played: Played,
        tell: &mut dyn FnMut(Event),
    ) {
        self.count(&played);
        self.progress.sequences += 1;
        self.novelty.take(ops, played.seen);
        if let Some((act, why)) = played.lacks
            && self.lacking.insert(act)
        {
            tell(Event::Lacks {
                act: act.name(),
                why,
            });
        }
        for finding in played.findings {
            if self.is_known(&finding.bucket) {
                continue;
            }
            if self.gates(finding.grade) {
                self.pursue(ground, ops, finding, tell).await;
            } else {
                self.note(ops, finding);
            }
        }
    }

    fn count(&mut self, played: &Played) {
        self.progress.requests += played.requests;
        self.progress.bytes += played.bytes;
    }

    fn is_known(&self, bucket: &Bucket) -> bool {
        self.found
            .iter()
            .any(|found| found.finding.bucket == *bucket)
    }

    const fn gates(&self, grade: Grade) -> bool {
        match grade {
            Grade::Fail => true,
            Grade::Deviates => matches!(self.gate, Gate::Exact),
            Grade::Note => false,
        }
    }

    fn note(&mut self, ops: &[Op], finding: Finding) {
        let op = ops.get(finding.op).copied().unwrap_or_default();
        let other = self.others.entry(finding.bucket).or_insert(Other {
            finding,
            op,
            count: 0,
        });
        other.count += 1;
    }

    /// Plays a finding again, makes it smaller, and writes it as a case.
    async fn pursue(
        &mut self,
        ground: &Ground<'_>,
        ops: &[Op],
        finding: Finding,
        tell: &mut dyn FnMut(Event),
    ) {
        tell(Event::Suspected(Box::new(finding.clone())));
        let after = self.begun.elapsed();
        let bucket = finding.bucket;
        // Nothing after it has to do with it.
        let ops = &ops[..=finding.op.min(ops.len() - 1)];
        let mut reproduced = 0;
        for _ in 0..CONFIRM {
            reproduced += u32::from(self.again(ground, ops, &bucket).await.is_some());
        }
        let mut least = (ops.to_vec(), finding);
        if reproduced > 0 {
            let until = Instant::now() + SHRINK_TIME;
            let shrunk = shrink(ops, SHRINK_TRIES, async |smaller: &[Op]| {
                Instant::now() < until && self.again(ground, smaller, &bucket).await.is_some()
            })
            .await;
            if let Some(finding) = self.again(ground, &shrunk, &bucket).await {
                let end = finding.op.min(shrunk.len() - 1);
                least = (shrunk[..=end].to_vec(), finding);
            }
        }
        let (least, finding) = least;
        let story = self.story(ground, reproduced);
        let case = export::case(&least, Scale::S3, &finding, &story);
        let found = Found {
            case,
            ops_before: ops.len(),
            ops: least,
            reproduced: (reproduced, CONFIRM),
            after,
            finding,
            path: None,
        };
        tell(Event::Found(Box::new(found.clone())));
        self.found.push(found);
    }

    /// Whether a sequence finds the same in a place of its own.
    async fn again(&mut self, ground: &Ground<'_>, ops: &[Op], bucket: &Bucket) -> Option<Finding> {
        let lane = self.next_lane();
        let played = ground.play(ops, &lane).await;
        ground.guest.tidy().await;
        self.count(&played);
        played
            .findings
            .into_iter()
            .find(|finding| finding.bucket == *bucket)
    }

    fn story(&self, ground: &Ground<'_>, reproduced: u32) -> Vec<String> {
        vec![format!(
            "Found by `ssec fuzz --seed {}` in {}, {reproduced} of {CONFIRM} times again:",
            ground.seed.as_str(),
            ground.guest.target().endpoint,
        )]
    }

    fn tell_progress(&mut self, tell: &mut dyn FnMut(Event)) {
        if self.told.elapsed() >= PROGRESS {
            self.told = Instant::now();
            tell(Event::Progress(self.so_far()));
        }
    }

    fn so_far(&self) -> Progress {
        Progress {
            elapsed: self.begun.elapsed(),
            seen: self.novelty.seen(),
            found: self.found.len(),
            other: self.others.len(),
            ..self.progress
        }
    }

    fn summary(self, ending: Ending, cleanup: crate::event::Cleanup) -> Summary {
        Summary {
            progress: self.so_far(),
            ending,
            found: self.found,
            others: self.others.into_values().collect(),
            cleanup,
        }
    }
}

/// Whether an operation does what was found to be wrong.
fn is_that(found: &Found, op: &Op) -> bool {
    let bucket = &found.finding.bucket;
    bucket.act == op.act && bucket.defect == op.defect
}

/// Waits for all of them, each going on while the others wait.
async fn at_once<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |cx| {
        let mut all = true;
        for (future, output) in &mut running {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(ready) => *output = Some(ready),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if !all {
            return std::task::Poll::Pending;
        }
        let outputs = running.iter_mut().filter_map(|(_, output)| output.take());
        std::task::Poll::Ready(outputs.collect())
    })
    .await
}
