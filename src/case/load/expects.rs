//! Reads what is expected of an answer.

use super::composites::header_name;
use super::reader::{Map, Reader, at};
use crate::case::expect::{Expect, Expectation, Matcher, Status};
use crate::case::node::{Node, Tree};
use crate::case::place::At;
use crate::case::verb::Verb;

/// The fields of an expectation.
pub(crate) const EXPECT: &[&str] = &["status", "error", "message", "headers", "body", "xml"];
/// The matchers that are written as a mapping of one field.
pub(crate) const MATCHERS: &[&str] = &["not", "like", "count"];

impl Reader<'_> {
    /// `ok`, `refused`, or a mapping.
    pub(super) fn expect(&mut self, node: &Node, verb: Verb) -> Option<Expect> {
        if node.scalar().is_some() {
            let status = at(node, self.word(node, "expectation", STATUS_WORDS)?);
            return Some(bare(node, status));
        }
        let map = self.map(node, "`expect`", EXPECT, &["status"])?;
        let status = self.status(map.get("status")?)?;
        let expect = Expect {
            error: map
                .get("error")
                .and_then(|node| Some(at(node, self.error_code(node)?))),
            message: map
                .get("message")
                .and_then(|node| Some(at(node, self.text(node, "a message")?))),
            headers: self.expectations(map, "headers"),
            body: map
                .get("body")
                .and_then(|node| Some(at(node, self.body(node)?))),
            xml: self.expectations(map, "xml"),
            ..bare(node, status)
        };
        self.expect_is_possible(map, verb, &expect);
        Some(expect)
    }

    fn status(&mut self, node: &Node) -> Option<At<Status>> {
        let text = self.text(node, "a status")?;
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            let number = text
                .parse::<u16>()
                .ok()
                .filter(|number| (200..=599).contains(number));
            if number.is_none() {
                self.refuse(node, format!("`{text}` is no status from 200 to 599"));
            }
            return Some(at(node, Status::Exactly(number?)));
        }
        Some(at(node, self.word(node, "status", STATUS_WORDS)?))
    }

    fn error_code(&mut self, node: &Node) -> Option<String> {
        let code = self.text(node, "an error code")?;
        let is_code = code.len() > 2 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_code {
            self.refuse_hinting(
                node,
                format!("`{code}` is no error code"),
                "such as InvalidArgument",
            );
        }
        is_code.then_some(code)
    }

    fn expectations(&mut self, map: Map<'_>, field: &str) -> Vec<At<Expectation>> {
        let Some(node) = map.get(field) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in self
            .entries(node, &format!("`{field}`"))
            .unwrap_or_default()
        {
            let name = if field == "headers" {
                header_name(self, key)
            } else {
                self.text(key, "an element's path")
            };
            let (Some(name), false) = (name, value.is_null()) else {
                continue;
            };
            if let Some(matcher) = self.matcher(value) {
                found.push(at(key, Expectation { name, matcher }));
            }
        }
        found
    }

    fn matcher(&mut self, node: &Node) -> Option<Matcher> {
        match &node.value {
            Tree::Scalar(text) if text == "present" => Some(Matcher::Present),
            Tree::Scalar(text) if text == "absent" => Some(Matcher::Absent),
            Tree::List(_) => {
                let items = self.list(node, "values");
                Some(Matcher::Are(
                    items
                        .into_iter()
                        .filter_map(|item| self.value(item))
                        .collect(),
                ))
            }
            Tree::Map(entries) => match entries.first().and_then(|(key, _)| key.scalar()) {
                Some(name) if MATCHERS.contains(&name) => self.matcher_map(node, name),
                _ => self.value(node).map(Matcher::Is),
            },
            Tree::Scalar(_) | Tree::Null => self.value(node).map(Matcher::Is),
        }
    }

    fn matcher_map(&mut self, node: &Node, name: &str) -> Option<Matcher> {
        let field = self.map(node, "a matcher", &[name], &[name])?.get(name)?;
        Some(match name {
            "not" => Matcher::Not(self.value(field)?),
            "like" => Matcher::Like(self.text(field, "a pattern")?),
            _ => Matcher::Count(self.number(field, "a count")?),
        })
    }

    /// Refuses what no answer can be.
    fn expect_is_possible(&mut self, map: Map<'_>, verb: Verb, expect: &Expect) {
        let status = expect.status.value;
        for field in ["error", "message", "body", "xml"] {
            if let Some(node) = map.get(field).filter(|_| verb == Verb::Head) {
                self.refuse(
                    node,
                    format!("the answer to HEAD has no body, so no `{field}`"),
                );
            }
        }
        if let (Some(node), Status::Ok | Status::Refused) = (map.get("error"), status) {
            self.refuse(node, "an `error` goes with its exact `status`");
        }
    }
}

/// The statuses that are written as a word.
pub(crate) const STATUS_WORDS: &[(&str, Status)] =
    &[("ok", Status::Ok), ("refused", Status::Refused)];

fn bare(node: &Node, status: At<Status>) -> Expect {
    Expect {
        place: node.place,
        status,
        error: None,
        message: None,
        headers: Vec::new(),
        body: None,
        xml: Vec::new(),
    }
}
