//! One operation of a sequence, as small numbers. Says nothing about what S3 answers to it.
//!
//! Every number is read modulo what there is (three objects, the versions and uploads alive), so every
//! sub-list of a list of operations means something: a list is shrunk by leaving operations out.

use std::fmt;

use super::Defect;

/// How many objects there are; few, so that they are overwritten, copied and deleted.
pub const OBJECTS: usize = 3;

/// One operation with at most one defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Op {
    /// What is done.
    pub act: Act,
    /// Which object.
    pub object: u8,
    /// Which object is the source of a copy.
    pub source: u8,
    /// Which customer key a write uses: A to D, or none.
    pub key: u8,
    /// Which version or upload: of the object (0: the latest), of the copy's source, or of all uploads.
    pub handle: u8,
    /// How many bytes, by class; which parts complete an upload.
    pub size: u8,
    /// Which bytes, by class; which part number.
    pub range: u8,
    /// What is wrong with it, where that makes sense.
    pub defect: Option<Defect>,
}

macro_rules! acts {
    ($($act:ident $name:literal $weight:literal [$($reads:ident)*];)*) => {
        /// What an operation does.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Act {
            #[default]
            $($act),*
        }

        /// Every act, with how often it is drawn.
        pub const ACTS: &[(Act, u32)] = &[$((Act::$act, $weight)),*];

        impl Act {
            /// Its name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$act => $name),* }
            }

            /// The numbers of an operation that it looks at.
            #[must_use]
            pub const fn reads(self) -> &'static [Field] {
                match self { $(Self::$act => &[$(Field::$reads),*]),* }
            }
        }
    };
}

acts! {
    Put              "put"               18 [Object Key Size];
    Get              "get"               18 [Object Handle Range];
    Head             "head"               5 [Object Handle Range];
    Attributes       "attributes"         3 [Object Handle];
    Copy             "copy"              10 [Object Source Key Handle];
    StartUpload      "start-upload"       5 [Object Key];
    UploadPart       "upload-part"       10 [Handle Size Range];
    UploadPartCopy   "upload-part-copy"   4 [Source Handle Size Range];
    Complete         "complete"           7 [Handle Size Key];
    Abort            "abort"              1 [Handle];
    ListParts        "list-parts"         2 [Handle Key];
    Post             "post"               4 [Object Key Size];
    PresignedGet     "presigned-get"      2 [Object Size Range];
    PresignedPut     "presigned-put"      2 [Object Key Size];
    Delete           "delete"             3 [Object];
    DeleteVersion    "delete-version"     2 [Object Handle];
    List             "list"               2 [];
    ListVersions     "list-versions"      2 [];
    EnableVersions   "enable-versions"    3 [];
    SuspendVersions  "suspend-versions"   2 [];
    Block            "block"              2 [];
    Unblock          "unblock"            2 [];
}

impl Act {
    /// Whether it changes the bucket, which is then its sequence's own.
    #[must_use]
    pub const fn changes_bucket(self) -> bool {
        matches!(
            self,
            Self::EnableVersions | Self::SuspendVersions | Self::Block | Self::Unblock
        )
    }
}

/// One of the numbers of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Op`")]
pub enum Field {
    Object,
    Source,
    Key,
    Handle,
    Size,
    Range,
}

impl Op {
    /// A correct operation, all numbers 0.
    #[must_use]
    pub fn of(act: Act) -> Self {
        Self {
            act,
            ..Self::default()
        }
    }

    /// One of its numbers.
    pub fn field(&mut self, field: Field) -> &mut u8 {
        match field {
            Field::Object => &mut self.object,
            Field::Source => &mut self.source,
            Field::Key => &mut self.key,
            Field::Handle => &mut self.handle,
            Field::Size => &mut self.size,
            Field::Range => &mut self.range,
        }
    }

    /// Which object it is about.
    #[must_use]
    pub fn slot(&self) -> usize {
        usize::from(self.object) % OBJECTS
    }

    /// Which object is its source.
    #[must_use]
    pub fn source_slot(&self) -> usize {
        usize::from(self.source) % OBJECTS
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.act.name())?;
        let mut op = *self;
        for field in self.act.reads() {
            write!(f, " {field:?}={}", op.field(*field))?;
        }
        self.defect
            .map_or(Ok(()), |defect| write!(f, " ({defect})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_shown_with_the_numbers_it_reads() {
        let mut op = Op::of(Act::Put);
        op.key = 3;
        op.handle = 9;
        op.defect = Some(Defect::Http);
        assert_eq!(op.to_string(), "put Object=0 Key=3 Size=0 (http)");
    }
}
