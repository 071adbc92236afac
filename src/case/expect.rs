//! What S3 answers, as a case states it. Knows no verdicts: authors say what is, the runner grades.

use super::data::Body;
use super::place::{At, Place};
use super::value::Value;

/// The answer that S3 gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Where `expect` stands.
    pub place: Place,
    /// The status.
    pub status: At<Status>,
    /// `<Code>` of an error answer.
    pub error: Option<At<String>>,
    /// `<Message>` of an error answer: shown when it differs, never graded.
    pub message: Option<At<String>>,
    /// Headers, in the order written.
    pub headers: Vec<At<Expectation>>,
    /// The body, byte for byte.
    pub body: Option<At<Body>>,
    /// Elements of an XML body by path below the root, such as `Contents/Size`, in the order
    /// written.
    pub xml: Vec<At<Expectation>>,
}

impl Expect {
    /// Whether a refusal is expected: a status of 400 or above.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.status.value {
            Status::Ok => false,
            Status::Refused => true,
            Status::Exactly(status) => status >= 400,
        }
    }
}

/// The status that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `ok`: any 2xx.
    Ok,
    /// `refused`: any 4xx; where nobody has seen the exact answer.
    Refused,
    /// This one.
    Exactly(u16),
}

/// What one header or one element of the answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The header's name, or the element's path.
    pub name: String,
    /// What it is.
    pub matcher: Matcher,
}

/// What a header or an element is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// It is there once, with this value.
    Is(Value),
    /// It is there so often, with these values in this order.
    Are(Vec<Value>),
    /// `present`: it is there, with whatever value.
    Present,
    /// `absent`: it is not there.
    Absent,
    /// `{not: …}`: it is there, with another value.
    Not(Value),
    /// `{like: 'bytes 0-9/*'}`: it fits a pattern in which `*` stands for any text.
    Like(String),
    /// `{count: 3}`: it is there so often.
    Count(u32),
}
