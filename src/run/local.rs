//! Steps that send nothing: comparing values, making a presigned URL.

use std::time::SystemTime;

use super::walk::{Halt, Walk};
use crate::case::Step;
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::check::Difference;
use crate::plan::Bound;
use crate::sign::Signer;
use crate::verdict::{Check, Stopped};

/// How long a presigned URL holds unless the case says otherwise, in seconds.
const LIFETIME_S: i64 = 300;

/// Values that must be all the same, and values that must be all different.
pub(super) fn compare(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    let same = resolved(walk, &step.call.same)?;
    let different = resolved(walk, &step.call.different)?;
    let place = Walk::place(step);
    let difference = |expected: &str, got: String| Difference {
        check: Check::Compare,
        expected: expected.to_owned(),
        got,
        place,
        rule: None,
    };
    let mut found = Vec::new();
    if same.windows(2).any(|pair| pair[0] != pair[1]) {
        found.push(difference("all the same", same.join(", ")));
    }
    let repeated = different
        .iter()
        .enumerate()
        .find(|(at, value)| different[..*at].contains(value));
    if let Some((_, value)) = repeated {
        found.push(difference("all different", format!("{value} twice")));
    }
    for difference in found {
        walk.find(index, step, difference);
    }
    Ok(())
}

fn resolved(walk: &Walk<'_>, values: &[Value]) -> Result<Vec<String>, Halt> {
    let ground = walk.ground();
    let texts = values
        .iter()
        .map(|value| ground.value(&walk.bindings, value));
    texts
        .collect::<Result<_, _>>()
        .map_err(|error| Walk::unplanned(&error))
}

/// Signs a request into a URL and names it.
pub(super) fn presign(walk: &mut Walk<'_>, step: &Step) -> Result<(), Halt> {
    let planned = walk.plan(Verb::Presign, step.asked(), &walk.bindings)?;
    let target = &walk.session.target;
    let signer = Signer {
        credentials: &target.credentials,
        region: &target.region,
        now: SystemTime::now(),
    };
    let expires = step.asked().expires.unwrap_or(LIFETIME_S);
    let url = signer
        .presign(&planned.request, &planned.sign, expires)
        .map_err(|error| Some(Stopped::Unproven(error.to_string())))?;
    if let Some(name) = &step.name {
        let object = walk.object(&planned);
        let url = Some((planned.request.method, url));
        walk.bindings.insert(
            name.clone(),
            Bound {
                response: None,
                object,
                part: None,
                url,
            },
        );
    }
    Ok(())
}
