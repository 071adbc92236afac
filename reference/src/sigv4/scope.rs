//! The credential of a signature: access key id, day, region, service, terminal. Pure syntax.

use super::Method;
use crate::error::{Code, S3Error};

/// Day, region and service that a signature is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    date: String,
    region: String,
    service: String,
}

/// What is wrong with a credential; the text differs between header and query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not `ID/YYYYMMDD/REGION/SERVICE/aws4_request`.
    Malformed,
    /// The region is not this server's.
    Region { given: String, expected: String },
    /// The service is not `s3`.
    Service(String),
    /// The last piece is not `aws4_request`.
    Terminal(String),
    /// The day is not that of the request.
    Date { given: String, request: String },
}

impl Scope {
    /// The scope of a day (`YYYYMMDD`), a region and a service.
    pub fn new(
        date: impl Into<String>,
        region: impl Into<String>,
        service: impl Into<String>,
    ) -> Self {
        Self {
            date: date.into(),
            region: region.into(),
            service: service.into(),
        }
    }

    /// The day, `YYYYMMDD`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Splits a credential into access key id and scope.
    pub(super) fn parse(credential: &str) -> Result<(&str, Self), Fault> {
        let mut pieces = credential.rsplitn(5, '/');
        let mut piece = || pieces.next().filter(|piece| !piece.is_empty());
        let all = (piece(), piece(), piece(), piece(), piece());
        let (Some(terminal), Some(service), Some(region), Some(date), Some(id)) = all else {
            return Err(Fault::Malformed);
        };
        if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Fault::Malformed);
        }
        if terminal != "aws4_request" {
            return Err(Fault::Terminal(terminal.to_owned()));
        }
        Ok((id, Self::new(date, region, service)))
    }

    /// Refuses a scope of another region, service or day than the request's.
    pub(super) fn check(&self, region: &str, request_time: &str) -> Result<(), Fault> {
        if self.region != region {
            let (given, expected) = (self.region.clone(), region.to_owned());
            return Err(Fault::Region { given, expected });
        }
        if self.service != "s3" {
            return Err(Fault::Service(self.service.clone()));
        }
        if !request_time.starts_with(&self.date) {
            let (given, request) = (self.date.clone(), request_time.to_owned());
            return Err(Fault::Date { given, request });
        }
        Ok(())
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        )
    }
}

impl Fault {
    /// The fault as an answer (PRE-104, PRE-117, PRE-131, PRE-142).
    pub(super) fn refuse(&self, method: Method) -> S3Error {
        let (code, intro, quote) = match method {
            Method::Header | Method::Form => (
                Code::AuthorizationHeaderMalformed,
                "The authorization header is malformed; ",
                '\'',
            ),
            Method::Query => (
                Code::AuthorizationQueryParametersError,
                "Error parsing the X-Amz-Credential parameter; ",
                '"',
            ),
        };
        let error = S3Error::new(code, format!("{intro}{}", self.text(quote)));
        match self {
            Self::Region { expected, .. } => error.with("Region", expected),
            Self::Malformed | Self::Service(_) | Self::Terminal(_) | Self::Date { .. } => error,
        }
    }

    /// The fault alone; `q` quotes regions.
    pub(super) fn text(&self, q: char) -> String {
        match self {
            Self::Malformed => "the Credential is mal-formed; expecting \
                 \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
                .to_owned(),
            Self::Region { given, expected } => {
                format!("the region {q}{given}{q} is wrong; expecting {q}{expected}{q}")
            }
            Self::Service(given) => {
                format!("incorrect service \"{given}\". This endpoint belongs to \"s3\".")
            }
            Self::Terminal(given) => {
                format!("incorrect terminal \"{given}\". This endpoint uses \"aws4_request\".")
            }
            Self::Date { given, request } => format!(
                "Invalid credential date \"{given}\". \
                 This date is not the same as X-Amz-Date: \"{request}\"."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(credential: &str, method: Method, tail: &str) {
        let fault = Scope::parse(credential)
            .and_then(|(_, scope)| scope.check("us-east-1", "20130524T000000Z"))
            .unwrap_err();
        let error = fault.refuse(method);
        assert!(
            error.message().ends_with(tail),
            "{credential}: {}",
            error.message()
        );
    }

    #[test]
    fn pre_104_malformed() {
        let tail = "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
        for bad in [
            "",
            "AK",
            "AK%2F20130524%2Fus-east-1%2Fs3%2Faws4_request",
            "AK/2013052/us-east-1/s3/aws4_request",
            "AK/20130524//s3/aws4_request",
            "/20130524/us-east-1/s3/aws4_request",
        ] {
            check(bad, Method::Query, tail);
        }
    }

    #[test]
    fn pre_131_pre_142_region_service_date() {
        let region = "AK/20130524/eu-west-1/s3/aws4_request";
        check(
            region,
            Method::Query,
            "; the region \"eu-west-1\" is wrong; expecting \"us-east-1\"",
        );
        check(
            region,
            Method::Header,
            "; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
        );
        check(
            "AK/20130524/us-east-1/sns/aws4_request",
            Method::Query,
            "; incorrect service \"sns\". This endpoint belongs to \"s3\".",
        );
        check(
            "AK/20130523/us-east-1/s3/aws4_request",
            Method::Header,
            "X-Amz-Date: \"20130524T000000Z\".",
        );
        check(
            "AK/20130524/us-east-1/s3/aws3_request",
            Method::Query,
            "uses \"aws4_request\".",
        );
    }
}
