//! What a run will cost, in words.

use ssec::case::Trial;
use ssec::estimate::estimate;

/// `about 4,000 requests, 310.5 MiB`, as a line.
pub(super) fn said(trials: &[&Trial]) -> String {
    let cost = estimate(trials.iter().copied());
    format!(
        "{} cases are about {} requests and {} sent\n",
        trials.len(),
        cost.requests,
        size(cost.bytes)
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        assert_eq!(size(7), "7 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(10 * 1024 * 1024), "10.0 MiB");
    }
}
