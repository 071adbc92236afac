//! The named bodies of a trial, made once from the seed.

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};

use crate::case::data::{Body, Content, Datum, Fill, Piece};
use crate::keys::Seed;

/// The named bodies of a trial.
#[derive(Clone, Debug, Default)]
pub struct Bodies(HashMap<String, Bytes>);

impl Bodies {
    /// Makes every body of a trial.
    #[must_use]
    pub fn new(seed: &Seed, case: &str, data: &[Datum]) -> Self {
        Self(
            data.iter()
                .map(|datum| (datum.name.clone(), make(seed, case, datum)))
                .collect(),
        )
    }

    /// The body of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.0.get(name)
    }

    /// The bytes that a call sends; none where it states no body.
    #[must_use]
    pub fn sent(&self, body: Option<&Body>) -> Bytes {
        body.map(|body| self.of(body)).unwrap_or_default()
    }

    /// The bytes that a step sends or expects. A name that the loader would have refused is empty, and
    /// so is a slice beyond the end.
    #[must_use]
    pub fn of(&self, body: &Body) -> Bytes {
        match body {
            Body::Empty => Bytes::new(),
            Body::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Body::Data(pieces) => match &pieces[..] {
                [one] => self.piece(one),
                many => {
                    let mut all = BytesMut::new();
                    many.iter()
                        .for_each(|piece| all.extend_from_slice(&self.piece(piece)));
                    all.freeze()
                }
            },
        }
    }

    fn piece(&self, piece: &Piece) -> Bytes {
        let whole = self.get(&piece.name).cloned().unwrap_or_default();
        let Some((from, to)) = piece.slice else {
            return whole;
        };
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(whole.len());
        let (from, end) = (index(from), index(to.saturating_add(1)));
        whole.slice(from.min(end)..end)
    }
}

fn make(seed: &Seed, case: &str, datum: &Datum) -> Bytes {
    let (size, fill) = match &datum.content {
        Content::Text(text) => return Bytes::copy_from_slice(text.as_bytes()),
        Content::Filled { size, fill } => (usize::try_from(*size).unwrap_or(usize::MAX), fill),
    };
    match fill {
        Fill::Random => seed.body(case, &datum.name, size).into(),
        Fill::Zeros => vec![0; size].into(),
        Fill::Marker => {
            let line = format!(
                "plaintext of {} {}\n",
                datum.name,
                crate::keys::hex(&seed.body(case, &datum.name, 16))
            );
            line.bytes().cycle().take(size).collect::<Vec<_>>().into()
        }
    }
}
