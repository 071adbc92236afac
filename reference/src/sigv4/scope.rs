//! The credential of a signature: access key id, day, region, service, terminal. Pure syntax.

/// Day, region and service that a signature is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    date: String,
    region: String,
    service: String,
}

/// What is wrong with a credential; the text differs between header and query authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeFault {
    /// Not `ID/YYYYMMDD/REGION/SERVICE/aws4_request`.
    Malformed,
    /// The region is not this server's.
    Region {
        /// What the credential says.
        given: String,
        /// What this server is.
        expected: String,
    },
    /// The service is not `s3`.
    Service(String),
    /// The last piece is not `aws4_request`.
    Terminal(String),
    /// The day is not that of the request.
    Date {
        /// What the credential says.
        given: String,
        /// The time of the request, as sent.
        request: String,
    },
}

impl Scope {
    /// The scope of a day (`YYYYMMDD`) and a region, for S3.
    pub fn s3(date: impl Into<String>, region: impl Into<String>) -> Self {
        Self::new(date, region, "s3")
    }

    /// The scope of a day, a region and a service.
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

    /// Splits a credential into access key id and scope.
    pub fn parse(credential: &str) -> Result<(&str, Self), ScopeFault> {
        let mut pieces = credential.rsplitn(5, '/');
        let mut piece = || pieces.next().filter(|piece| !piece.is_empty());
        let all = (piece(), piece(), piece(), piece(), piece());
        let (Some(terminal), Some(service), Some(region), Some(date), Some(id)) = all else {
            return Err(ScopeFault::Malformed);
        };
        if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ScopeFault::Malformed);
        }
        if terminal != "aws4_request" {
            return Err(ScopeFault::Terminal(terminal.to_owned()));
        }
        Ok((id, Self::new(date, region, service)))
    }

    /// Refuses a scope of another region, service or day.
    pub fn check(&self, region: &str, request_time: &str) -> Result<(), ScopeFault> {
        if self.region != region {
            return Err(ScopeFault::Region {
                given: self.region.clone(),
                expected: region.to_owned(),
            });
        }
        if self.service != "s3" {
            return Err(ScopeFault::Service(self.service.clone()));
        }
        if !request_time.starts_with(&self.date) {
            return Err(ScopeFault::Date {
                given: self.date.clone(),
                request: request_time.to_owned(),
            });
        }
        Ok(())
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
