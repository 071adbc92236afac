//! Reads a step: the verb, the request with and without its defect, the control.

use std::collections::BTreeSet;

use super::fields::field;
use super::merge::{changes, merge};
use super::reader::{Map, NAME, Reader};
use crate::case::call::Call;
use crate::case::expect::{Expect, Status};
use crate::case::node::{Node, Tree};
use crate::case::verb::{COMMON, Kind, STEP, VERBS, Verb, VerbSpec};
use crate::case::{Control, Step};

impl Reader<'_> {
    /// One step: a mapping of one verb. `written` holds the objects that steps before it wrote.
    pub(super) fn step(
        &mut self,
        node: &Node,
        rules: &[String],
        written: &mut BTreeSet<String>,
    ) -> Option<Step> {
        let entries = self.entries(node, "a step")?;
        let [(name, fields)] = entries else {
            self.refuse(
                node,
                format!("a step is one verb, and this has {}", entries.len()),
            );
            return None;
        };
        let spec = self.verb(name)?;
        let step = self.step_of(spec, name, fields, rules, written);
        let step = step.map(|step| Step {
            place: name.place,
            ..step
        });
        if let Some(object) = step.as_ref().and_then(written_by) {
            written.insert(object);
        }
        step
    }

    fn verb(&mut self, node: &Node) -> Option<&'static VerbSpec> {
        let name = node.scalar().unwrap_or_default();
        let spec = VERBS.iter().find(|spec| spec.name == name);
        if spec.is_none() {
            let names = VERBS.iter().map(|spec| spec.name);
            self.refuse_word(node, format!("there is no verb `{name}`"), name, names);
        }
        spec
    }

    fn step_of(
        &mut self,
        spec: &VerbSpec,
        name: &Node,
        node: &Node,
        rules: &[String],
        written: &BTreeSet<String>,
    ) -> Option<Step> {
        let what = format!("`{}`", spec.name);
        let call_fields = call_fields(spec);
        let allowed: Vec<&str> = call_fields
            .iter()
            .copied()
            .chain(step_fields(spec))
            .collect();
        let before = self.noted();
        let map = self.map(node, &what, &allowed, spec.required)?;
        let own = only(node, &call_fields);
        let call = self.call(&own);
        let is_sound = self.noted() == before;
        let but = map
            .get("but")
            .and_then(|but| self.but(spec, but, &call_fields));
        let expect = self.step_expect(spec, map);
        let rules = map
            .get("rules")
            .map_or(rules.to_vec(), |node| self.rules(node));
        let step = Step {
            place: name.place,
            verb: spec.verb,
            defective: match but {
                Some(but) if is_sound => Some(self.call(&merge(&own, but))),
                // Where the request itself is wrong, its defect would only repeat that.
                Some(_) => Some(call.clone()),
                None => None,
            },
            call,
            defects: but.map(|but| self.defects(&own, but)).unwrap_or_default(),
            control: Control::Unneeded,
            expect,
            name: map
                .get("as")
                .and_then(|node| self.id(node, "name of an answer", NAME)),
            rules,
        };
        let control = self.control(spec, name, map, &step, written);
        Some(Step { control, ..step })
    }

    /// The fields of the defect. What a verb needs cannot be taken away: that is another request.
    fn but<'n>(&mut self, spec: &VerbSpec, node: &'n Node, allowed: &[&str]) -> Option<&'n Node> {
        let map = self.map(node, "`but`", allowed, &[])?;
        for name in spec.required {
            if let Some(value) = map.node.get(name).filter(|value| value.is_null()) {
                self.refuse(value, format!("`{}` needs the field `{name}`", spec.name));
            }
        }
        Some(node)
    }

    fn defects(&mut self, own: &Node, but: &Node) -> Vec<String> {
        let defects = changes(own, but);
        if defects.is_empty() {
            self.refuse(but, "`but` changes nothing");
        }
        defects
    }

    /// The fields of a request; those that are `null` are not there.
    fn call(&mut self, node: &Node) -> Call {
        let mut call = Call::default();
        for (key, value) in node.entries().unwrap_or_default() {
            if let (Some(field), false) = (key.scalar().and_then(field), value.is_null()) {
                (field.read)(self, value, &mut call);
            }
        }
        call
    }

    fn step_expect(&mut self, spec: &VerbSpec, map: Map<'_>) -> Option<Expect> {
        match (map.get("expect"), spec.kind) {
            (Some(node), _) => self.expect(node, spec.verb),
            (None, Kind::Local) => None,
            (None, _) => {
                let hint =
                    "such as `expect: ok` or `expect: {status: 400, error: InvalidArgument}`";
                self.refuse_hinting(
                    map.node,
                    format!("`{}` needs the field `expect`", spec.name),
                    hint,
                );
                None
            }
        }
    }

    /// What proves a refusal: stated, or made from `but`, or not needed.
    fn control(
        &mut self,
        spec: &VerbSpec,
        name: &Node,
        map: Map<'_>,
        step: &Step,
        written: &BTreeSet<String>,
    ) -> Control {
        if let Some(node) = map.get("control") {
            return self.stated_control(node, map).unwrap_or(Control::Unneeded);
        }
        if let Some(node) = map.get("because") {
            self.refuse(node, "`because` goes with `control: none`");
        }
        if !step.expect.as_ref().is_some_and(Expect::is_refusal) || is_absence(spec, step, written)
        {
            return Control::Unneeded;
        }
        let ends = matches!(
            spec.verb,
            Verb::CompleteUpload | Verb::AbortUpload | Verb::Delete
        );
        if step.defective.is_some() && !ends {
            return Control::WithoutDefect;
        }
        let hint = if ends {
            "`control: {after: $name}` names the later step that does it right"
        } else {
            "write the correct request and its defect in `but`, or `control: {after: $name}`, or `control: none` and `because`"
        };
        self.refuse_hinting(name, "a refusal proves nothing without a control", hint);
        Control::Unneeded
    }

    fn stated_control(&mut self, node: &Node, map: Map<'_>) -> Option<Control> {
        if node.scalar().is_none() {
            let after = self
                .map(node, "`control`", &["after"], &["after"])?
                .get("after")?;
            return Some(Control::After(self.later_answer(after)?));
        }
        self.word(node, "control", &[("none", ())])?;
        let Some(because) = map.get("because") else {
            self.refuse(node, "`control: none` needs the field `because`");
            return None;
        };
        Some(Control::Impossible {
            because: self.sentence(because, "`because`")?,
        })
    }

    /// `$name` of a later step, which the check of names sees to.
    fn later_answer(&mut self, node: &Node) -> Option<String> {
        let before = self.uses.len();
        let name = self.answer(node);
        self.uses.truncate(before);
        name
    }
}

/// The fields of the request that a verb takes.
pub(crate) fn call_fields(spec: &VerbSpec) -> Vec<&'static str> {
    let common = if spec.kind == Kind::Local {
        &[][..]
    } else {
        COMMON
    };
    spec.required
        .iter()
        .chain(spec.optional)
        .chain(common)
        .copied()
        .collect()
}

/// The fields of a step besides its request.
pub(crate) fn step_fields(spec: &VerbSpec) -> Vec<&'static str> {
    let local = ["as", "rules"];
    STEP.iter()
        .copied()
        .filter(|field| spec.kind != Kind::Local || local.contains(field))
        .collect()
}

/// The entries of these names.
fn only(node: &Node, names: &[&str]) -> Node {
    let entries = node.entries().unwrap_or_default().iter();
    let is_one = |(key, _): &&(Node, Node)| key.scalar().is_some_and(|name| names.contains(&name));
    node.with(Tree::Map(entries.filter(is_one).cloned().collect()))
}

/// Whether this reads an object that no step wrote and expects to find nothing: the absence is
/// the case's own doing and needs no proof.
fn is_absence(spec: &VerbSpec, step: &Step, written: &BTreeSet<String>) -> bool {
    let is_404 = step
        .expect
        .as_ref()
        .is_some_and(|expect| expect.status.value == Status::Exactly(404));
    let object = step.call.object.as_ref();
    is_404
        && spec.kind == Kind::Read
        && step.defective.is_none()
        && object.is_some_and(|object| !written.contains(object))
}

/// The object that a step writes if the target does as S3 does.
fn written_by(step: &Step) -> Option<String> {
    let succeeds = !step.expect.as_ref()?.is_refusal();
    let writes = matches!(
        step.verb,
        Verb::Put | Verb::Copy | Verb::StartUpload | Verb::PostForm | Verb::Raw
    );
    (succeeds && writes)
        .then(|| step.asked().object.clone())
        .flatten()
}
