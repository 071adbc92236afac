//! The positive control: the same request without its defect must succeed, and succeed for real.

use super::doubt::doubt;
use super::steps::name_of;
use super::walk::{Halt, Walk};
use crate::case::Step;
use crate::case::call::Call;
use crate::case::value::Value;
use crate::case::verb::{Kind, Verb};
use crate::check::Difference;
use crate::plan::{Bindings, Bound, Planned};
use crate::verdict::{Answer, Check, Role, Stopped};
use crate::wire::Response;

/// What a control's object is called, so that it cannot disturb the case.
const SIBLING: &str = "~control";

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
        Kind::Part => start_sibling(walk, index, &mut call, &mut bindings).await?,
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

/// Starts the upload of the part again, on a sibling of its object: a server may want all parts of an upload
/// listed when it is completed. What an upload was started with once need not be started twice.
async fn start_sibling(
    walk: &mut Walk<'_>,
    index: usize,
    call: &mut Call,
    bindings: &mut Bindings,
) -> Result<(), Halt> {
    let trial = walk.trial;
    let Some(Value::Ref(upload)) = call.upload.clone() else {
        return Ok(());
    };
    let is_start =
        |step: &&Step| step.verb == Verb::StartUpload && step.name.as_ref() == Some(&upload.name);
    let Some(start) = trial.steps[..index].iter().find(is_start) else {
        return Ok(());
    };
    let object = start.asked().object.clone();
    if call.object == object {
        call.object = object.as_deref().map(sibling);
    }
    let bound = match walk.siblings.get(&upload.name) {
        Some(bound) => bound.clone(),
        None => {
            let mut again = start.asked().clone();
            rename(&mut again, object.as_deref());
            let planned = walk.plan(start.verb, &again, bindings)?;
            let response = send(walk, index, start, Role::Setup, &planned).await?;
            if !response.is_success() {
                let brief = walk.answers.last().map(Answer::brief).unwrap_or_default();
                return Err(unproven(
                    index,
                    start,
                    &format!("its set-up was refused: {brief}"),
                ));
            }
            let bound = Bound {
                response: Some(response),
                object: walk.object(&planned),
                part: None,
                url: None,
            };
            walk.siblings.insert(upload.name.clone(), bound.clone());
            bound
        }
    };
    bindings.insert(upload.name, bound);
    Ok(())
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
            *name = Some(sibling(object));
        }
    }
}

fn sibling(object: &str) -> String {
    format!("{object}{SIBLING}")
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
