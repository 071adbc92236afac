//! Where a sequence is played, and what comes of it: plain data, and the one seam to whatever answers.

use std::time::SystemTime;

use super::finding::Finding;
use crate::catalogue::Catalogue;
use crate::keys::Seed;
use crate::model::{Act, Defect, Scale};
use crate::plan::Planned;
use crate::target::Target;
use crate::wire::Response;

/// The case that keys and bodies of a sequence derive from.
pub const CASE: &str = "fuzz";

/// What answers requests: a server somewhere, or a service in this process.
pub trait Endpoint: Sync {
    /// Where it is, and who asks.
    fn target(&self) -> &Target;

    /// What time signatures are made at.
    fn now(&self) -> SystemTime;

    /// Signs and sends.
    fn exchange(
        &self,
        bucket: &str,
        planned: Planned,
    ) -> impl Future<Output = Result<Response, NoAnswer>> + Send;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The connection was refused or cut: an answer too, of a kind.
    Silence(String),
    /// Nothing can be said: the target is gone, or somebody interrupts.
    Over(String),
}

/// Where and with what a sequence is played.
#[derive(Debug)]
pub struct Stage<'a, E> {
    /// What answers.
    pub endpoint: &'a E,
    /// The bucket; it is as new, or as a sequence without bucket operations leaves it.
    pub bucket: &'a str,
    /// Every object's key begins with it.
    pub prefix: &'a str,
    /// Keys and bodies derive from it.
    pub seed: &'a Seed,
    /// The rules, for what is at stake; without them everything counts.
    pub catalogue: Option<&'a Catalogue>,
    /// Sizes and borders.
    pub scale: Scale,
}

/// What came of a sequence.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// What does not hold, in order.
    pub findings: Vec<Finding>,
    /// What was seen: one for each answer.
    pub seen: Vec<Sight>,
    /// Requests sent.
    pub requests: u64,
    /// Bytes of bodies sent and received.
    pub bytes: u64,
    /// An act that the target does not know (501).
    pub lacks: Option<(Act, String)>,
    /// Why it ended early.
    pub over: Option<String>,
}

/// What novelty is measured by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sight {
    /// What was done.
    pub act: Act,
    /// What was wrong with it.
    pub defect: Option<Defect>,
    /// To what.
    pub state: String,
    /// What was answered; 0: nothing.
    pub status: u16,
    /// And its Code.
    pub code: String,
}
