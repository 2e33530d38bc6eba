//! A file that a person gave with what they said.

use std::fmt;

/// It comes with an act, for one argument of the command. Once the app has kept it, the argument is
/// the file's digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The argument's name.
    pub field: String,
    /// As the person's machine calls it.
    pub name: String,
    /// What is in it; or why a face could not get it, in words for the person.
    pub bytes: Result<Vec<u8>, String>,
}

/// Without the bytes: nobody wants them in a log.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let size = self.bytes.as_ref().map(Vec::len);
        f.debug_struct("Attachment")
            .field("field", &self.field)
            .field("name", &self.name)
            .field("bytes", &size)
            .finish()
    }
}
