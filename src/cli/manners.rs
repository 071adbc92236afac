//! Before anything is sent to AWS itself, somebody has to agree: it costs money, if little.

use std::io::{self, BufRead, IsTerminal, Write};

use ssec::case::Trial;
use ssec::exit;
use ssec::target::Target;

use super::{complain, estimate};

/// What the hosts of AWS end in; the second is China's.
const HOSTS: &[&str] = &["amazonaws.com", "amazonaws.com.cn"];

/// Asks on a terminal; elsewhere `--yes-aws` has to be there.
///
/// # Errors
/// When nobody agrees; the code to exit with.
pub(super) fn agree(target: &Target, trials: &[&Trial], agreed: bool) -> Result<(), u8> {
    if agreed || !is_aws(&target.endpoint.host) {
        return Ok(());
    }
    let host = &target.endpoint.host;
    let _ = write!(
        io::stderr().lock(),
        "ssec: {host} is AWS itself. Requests cost money: {}",
        estimate::said(trials)
    );
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if terminal && says_yes() {
        return Ok(());
    }
    let text = "nothing was sent; agree with --yes-aws, or with `yes` on a terminal";
    Err(complain(exit::USAGE, text))
}

fn says_yes() -> bool {
    let _ = write!(io::stderr().lock(), "Go on? (yes) ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

fn is_aws(host: &str) -> bool {
    let below = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    HOSTS.iter().any(|domain| below(domain))
}

#[cfg(test)]
mod tests {
    use super::is_aws;

    #[test]
    fn aws_is_known_by_its_domains() {
        for host in [
            "s3.amazonaws.com",
            "s3.eu-west-1.amazonaws.com",
            "amazonaws.com",
            "s3.cn-north-1.amazonaws.com.cn",
        ] {
            assert!(is_aws(host), "{host}");
        }
        for host in [
            "s3.amazonaws.com.example.org",
            "notamazonaws.com",
            "localhost",
        ] {
            assert!(!is_aws(host), "{host}");
        }
    }
}
