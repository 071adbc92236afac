//! Draws operations: few objects, borders, one in four with a defect; and changes sequences that were worth
//! keeping.

use super::dice::Dice;
use crate::model::defect::{self, Defect, Flaw};
use crate::model::{ACTS, Act, EXCERPTS, OBJECTS, Op};

/// The longest sequence.
pub const OPS_MAX: usize = 24;
/// One operation in so many has a defect.
const DEFECT_ONCE_IN: usize = 4;
/// One sequence in so many may change its bucket.
const OWN_BUCKET_ONCE_IN: usize = 5;

/// A new sequence of operations whose acts are allowed.
pub fn sequence(dice: &mut Dice, allowed: &dyn Fn(Act) -> bool) -> Vec<Op> {
    let own_bucket = dice.once_in(OWN_BUCKET_ONCE_IN);
    let len = 2 + dice.below(OPS_MAX / 2 - 1);
    let mut ops = Vec::with_capacity(len + 4);
    let fits = |act: Act| (own_bucket || !act.changes_bucket()) && allowed(act);
    if own_bucket && dice.once_in(2) && allowed(Act::EnableVersions) {
        ops.push(Op::of(Act::EnableVersions));
    }
    while ops.len() < len {
        let op = one(dice, &fits);
        if op.act == Act::StartUpload && op.defect.is_none() {
            ops.extend(upload(dice, op, &fits));
        } else {
            ops.push(op);
        }
    }
    ops
}

/// One operation, as the weights of the table have it.
pub fn one(dice: &mut Dice, fits: &dyn Fn(Act) -> bool) -> Op {
    let act = act(dice, fits);
    Op {
        act,
        object: byte_below(dice, OBJECTS),
        source: byte_below(dice, OBJECTS),
        // Two times in three one of the keys A and B, so that they meet again.
        key: if dice.once_in(3) {
            byte_below(dice, 5)
        } else {
            byte_below(dice, 2)
        },
        // Mostly the latest version.
        handle: if dice.once_in(2) { dice.byte() } else { 0 },
        size: if dice.once_in(2) {
            dice.byte()
        } else {
            byte_below(dice, 3)
        },
        range: if dice.once_in(2) {
            0
        } else {
            byte_below(dice, usize::from(EXCERPTS))
        },
        defect: dice.once_in(DEFECT_ONCE_IN).then(|| drawn_defect(dice)),
    }
}

fn act(dice: &mut Dice, fits: &dyn Fn(Act) -> bool) -> Act {
    let among = || ACTS.iter().filter(|(act, _)| fits(*act));
    let total: u32 = among().map(|(_, weight)| weight).sum();
    let mut at = dice.below(total as usize);
    for (act, weight) in among() {
        match at.checked_sub(*weight as usize) {
            Some(rest) => at = rest,
            None => return *act,
        }
    }
    Act::Get
}

/// The defect that people make most often half of the time, any other else.
fn drawn_defect(dice: &mut Dice) -> Defect {
    const COMMON: &[Defect] = &[
        Defect::Triple(Flaw::OtherKey),
        Defect::Triple(Flaw::Missing),
        Defect::Source(Flaw::OtherKey),
        Defect::Source(Flaw::Missing),
        Defect::Triple(Flaw::NoMd5),
        Defect::Triple(Flaw::Md5OfOther),
        Defect::Triple(Flaw::Stray),
        Defect::Http,
    ];
    if dice.once_in(2) {
        return *dice.pick(COMMON);
    }
    let all: Vec<Defect> = defect::all().collect();
    *dice.pick(&all)
}

/// An upload is worth its parts: two or three, and mostly its end.
fn upload(dice: &mut Dice, start: Op, fits: &dyn Fn(Act) -> bool) -> Vec<Op> {
    let mut ops = vec![start];
    for number in 0..1 + byte_below(dice, 3) {
        let act = if dice.once_in(4) {
            Act::UploadPartCopy
        } else {
            Act::UploadPart
        };
        let mut part = one(dice, &|other| other == act);
        part.range = number;
        // Mostly a part that is large enough not to be the last.
        part.size = if dice.once_in(3) { dice.byte() } else { 1 };
        part.handle = u8::MAX;
        if fits(act) {
            ops.push(part);
        }
    }
    if !dice.once_in(5) && fits(Act::Complete) {
        ops.push(one(dice, &|act| act == Act::Complete));
        let mut read = one(dice, &|act| act == Act::Get);
        read.object = start.object;
        read.handle = 0;
        ops.push(read);
    }
    ops
}

/// A sequence like this one, but for a few operations.
pub fn like(dice: &mut Dice, ops: &[Op], other: &[Op], allowed: &dyn Fn(Act) -> bool) -> Vec<Op> {
    let mut ops = ops.to_vec();
    let own_bucket = ops.iter().any(|op| op.act.changes_bucket());
    let fits = |act: Act| (own_bucket || !act.changes_bucket()) && allowed(act);
    for _ in 0..=dice.below(3) {
        let at = dice.below(ops.len());
        match dice.below(6) {
            0 => ops.insert(at, one(dice, &fits)),
            1 if ops.len() > 2 => {
                ops.remove(at);
            }
            2 if at < ops.len() => ops[at].defect = Some(drawn_defect(dice)),
            3 if at < ops.len() => {
                let reads = ops[at].act.reads();
                if !reads.is_empty() {
                    *ops[at].field(*dice.pick(reads)) = dice.byte();
                }
            }
            4 if at < ops.len() => ops[at].defect = None,
            _ => ops
                .splice(at.., tail(dice, other, own_bucket))
                .for_each(drop),
        }
    }
    ops.truncate(OPS_MAX);
    ops
}

/// The end of another sequence.
fn tail(dice: &mut Dice, other: &[Op], own_bucket: bool) -> Vec<Op> {
    let from = dice.below(other.len());
    let tail = other.iter().skip(from).copied();
    tail.filter(|op| own_bucket || !op.act.changes_bucket())
        .collect()
}

fn byte_below(dice: &mut Dice, end: usize) -> u8 {
    u8::try_from(dice.below(end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_sequences() {
        let draw = |seed: &str| {
            let mut dice = Dice::of(seed);
            let some: Vec<_> = (0..50).map(|_| sequence(&mut dice, &|_| true)).collect();
            some
        };
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn every_act_and_every_defect_is_drawn() {
        let mut dice = Dice::of("all");
        let ops: Vec<Op> = (0..4000)
            .flat_map(|_| sequence(&mut dice, &|_| true))
            .collect();
        for (act, _) in ACTS {
            assert!(ops.iter().any(|op| op.act == *act), "{act:?}");
        }
        for defect in defect::all() {
            assert!(ops.iter().any(|op| op.defect == Some(defect)), "{defect}");
        }
    }

    #[test]
    fn acts_that_are_not_allowed_are_not_drawn_and_changes_stay_short() {
        let mut dice = Dice::of("few");
        let allowed = |act: Act| matches!(act, Act::Put | Act::Get);
        for _ in 0..200 {
            let ops = sequence(&mut dice, &allowed);
            let changed = like(&mut dice, &ops, &ops, &allowed);
            assert!(
                ops.iter().chain(&changed).all(|op| allowed(op.act)),
                "{changed:?}"
            );
            assert!(changed.len() <= OPS_MAX);
        }
    }
}
