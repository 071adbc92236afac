//! The bytes of an object as pieces of what was sent. Holds no bytes.

use crate::case::data::{Body, Piece};

/// Bytes by where they come from: so many from this offset of that datum, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content(Vec<Run>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    datum: String,
    /// Whether it is all of the datum.
    whole: bool,
    from: u64,
    len: u64,
}

impl Content {
    /// All of a datum.
    #[must_use]
    pub fn of(datum: &str, len: u64) -> Self {
        Self(vec![Run {
            datum: datum.to_owned(),
            whole: true,
            from: 0,
            len,
        }])
    }

    /// One after the other.
    #[must_use]
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().flat_map(|part| part.0).collect())
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|run| run.len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its bytes from first to last, both included.
    #[must_use]
    pub fn slice(&self, first: u64, last: u64) -> Self {
        let mut at = 0;
        let mut runs = Vec::new();
        for run in &self.0 {
            let (begin, end) = (first.max(at), (last + 1).min(at + run.len));
            if begin < end {
                runs.push(Run {
                    datum: run.datum.clone(),
                    whole: run.whole && end - begin == run.len,
                    from: run.from + begin - at,
                    len: end - begin,
                });
            }
            at += run.len;
        }
        Self(runs)
    }

    /// The one datum that it is, if it is one.
    #[must_use]
    pub fn datum(&self) -> Option<&str> {
        match &self.0[..] {
            [run] if run.whole => Some(&run.datum),
            _ => None,
        }
    }

    /// As a case writes it.
    #[must_use]
    pub fn body(&self) -> Body {
        let pieces: Vec<Piece> = self
            .0
            .iter()
            .filter(|run| run.len > 0)
            .map(|run| Piece {
                name: run.datum.clone(),
                slice: (!run.whole).then(|| (run.from, run.from + run.len - 1)),
            })
            .collect();
        if pieces.is_empty() {
            Body::Empty
        } else {
            Body::Data(pieces)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_across_parts_is_a_piece_of_each() {
        let whole = Content::joined([Content::of("a", 10), Content::of("b", 5)]);
        assert_eq!(whole.len(), 15);
        let piece = |name: &str, slice| Piece {
            name: name.to_owned(),
            slice,
        };
        let across = whole.slice(8, 12);
        let expected = vec![piece("a", Some((8, 9))), piece("b", Some((0, 2)))];
        assert_eq!(across.body(), Body::Data(expected));
        let again = across.slice(1, 1);
        assert_eq!(again.body(), Body::Data(vec![piece("a", Some((9, 9)))]));
        assert_eq!(whole.slice(10, 99).datum(), Some("b"));
        assert_eq!(Content::of("a", 0).body(), Body::Empty);
    }
}
