//! The positive control: the same request without its defect must succeed, and succeed for real.

use super::doubt::doubt;
use super::steps::name_of;
use super::walk::{Halt, Walk};
use crate::case::Step;
use crate::case::call::Call;
use crate::case::verb::{Kind, Verb};
use crate::check::Difference;
use crate::plan::{Bindings, Bound, Planned};
use crate::verdict::{Answer, Check, Role, Stopped};
use crate::wire::Response;

/// What a control's object is called, so that it cannot disturb the case.
const SIBLING: &str = "~control";
/// What is added to a control's part number; S3 has 10 000 of them, and no case comes near the half.
const PART_OFFSET: u32 = 5000;

/// Whether a part was sent as a control.
pub(super) fn is_control_part(number: &str) -> bool {
    number
        .parse::<u32>()
        .is_ok_and(|number| number > PART_OFFSET)
}

/// Proves that the request succeeds without its defect, unless another row of the table has done so.
pub(super) async fn control(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    let Some(slot) = walk.session.proven.slot(walk.trial, index) else {
        return attempt(walk, index, step).await;
    };
    let mut proven = slot.lock().await;
    if let Some(answers) = &*proven {
        walk.answers.extend(answers.iter().cloned());
        return Ok(());
    }
    let before = walk.answers.len();
    attempt(walk, index, step).await?;
    *proven = Some(walk.answers[before..].to_vec());
    Ok(())
}

/// Sends the request without its defect.
async fn attempt(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    let mut call = step.call.clone();
    let mut bindings = walk.bindings.clone();
    match step.verb.spec().kind {
        Kind::Write => {
            prepare(walk, index, &mut bindings).await?;
            rename(&mut call, step.asked().object.as_deref());
        }
        Kind::Part => {
            let number = call
                .part
                .as_deref()
                .and_then(|part| part.parse::<u32>().ok())
                .unwrap_or(1);
            call.part = Some(
                (number % PART_OFFSET + PART_OFFSET)
                    .max(PART_OFFSET + 1)
                    .to_string(),
            );
        }
        Kind::Read | Kind::Other | Kind::Local => {}
    }
    let planned = walk.plan(step.verb, &call, &bindings)?;
    let response = send(walk, index, step, Role::Control, &planned).await?;
    walk.skip_if_missing(step, &response)?;
    if response.status >= 500 {
        let got = walk.answers.last().map(Answer::brief).unwrap_or_default();
        walk.find(
            index,
            step,
            Difference {
                check: Check::ServerError,
                expected: "the request without its defect succeeds".to_owned(),
                got,
                place: Walk::place(step),
                rule: None,
            },
        );
        return Err(None);
    }
    match doubt(walk, index, step, (&call, &planned), &response).await? {
        None => Ok(()),
        Some(doubt) => Err(unproven(index, step, &doubt)),
    }
}

/// Replays what earlier steps did to the object, on its sibling, so that the control meets the same state.
async fn prepare(walk: &mut Walk<'_>, index: usize, bindings: &mut Bindings) -> Result<(), Halt> {
    let trial = walk.trial;
    let object = trial.steps[index].asked().object.clone();
    for step in &trial.steps[..index] {
        let replayed = matches!(
            step.verb,
            Verb::Put | Verb::Copy | Verb::PostForm | Verb::Delete
        );
        let accepted = step
            .expect
            .as_ref()
            .is_some_and(|expect| !expect.is_refusal());
        if !replayed || !accepted || step.asked().object != object {
            continue;
        }
        let mut call = step.asked().clone();
        rename(&mut call, object.as_deref());
        let planned = walk.plan(step.verb, &call, bindings)?;
        let response = send(walk, index, step, Role::Setup, &planned).await?;
        if !response.is_success() {
            let brief = walk.answers.last().map(Answer::brief).unwrap_or_default();
            return Err(unproven(
                index,
                step,
                &format!("its set-up was refused: {brief}"),
            ));
        }
        if let Some(name) = &step.name {
            let object = walk.object(&planned);
            bindings.insert(
                name.clone(),
                Bound {
                    response: Some(response),
                    object,
                    part: None,
                    url: None,
                },
            );
        }
    }
    Ok(())
}

/// Turns an object into its sibling, also where it is copied onto itself.
fn rename(call: &mut Call, object: Option<&str>) {
    let Some(object) = object else { return };
    for name in [&mut call.object, &mut call.from] {
        if name.as_deref() == Some(object) {
            *name = Some(format!("{object}{SIBLING}"));
        }
    }
}

pub(super) async fn send(
    walk: &mut Walk<'_>,
    index: usize,
    step: &Step,
    role: Role,
    planned: &Planned,
) -> Result<Response, Halt> {
    let result = walk.send(index, role, planned).await;
    result.map_err(|failure| unproven(index, step, &failure.to_string()))
}

fn unproven(index: usize, step: &Step, why: &str) -> Halt {
    Some(Stopped::Unproven(format!(
        "the control of {} proves nothing: {why}",
        name_of(index, step)
    )))
}
