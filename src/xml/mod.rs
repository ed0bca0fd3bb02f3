//! A lossless XML document: bytes in, the same bytes out. Knows nothing of `AzMan`.
//!
//! [`Document`] holds the text of a file as it was read and never changes it; a [`Span`] names a piece of it.
//! [`Reader`] goes over it once, strictly, and gives events with spans. A change is a [`Patch`] over a span, and
//! [`Rendering`] puts document and patches together: what no patch touches is copied.
//!
//! [`stream`] reads logs of other programs piece by piece, and is not strict.
//!
//! quick-xml finds the tokens, but it is no well-formedness checker, so everything else XML 1.0 and its namespaces
//! demand is checked here. What is refused although XML allows it: a DOCTYPE, encodings other than UTF-8 and UTF-16
//! with a byte order mark (a declared US-ASCII is UTF-8), versions other than 1.0, names that only one of the
//! editions 4 and 5 allows, and what exceeds [`limits`].

mod chars;
mod declaration;
mod decode;
mod document;
mod error;
mod escape;
mod name_ranges;
mod namespaces;
mod reader;
mod references;
mod rendering;
mod scan;
pub mod stream;
mod tag;
mod value;

pub use chars::is_char;
pub use document::{Document, Encoding, Eol, Position, Span};
pub use error::{Error, ErrorKind};
pub use escape::{escape_attribute, escape_text};
pub use reader::{Event, Reader};
pub use rendering::{Patch, Rendering};
pub use tag::{Attribute, attributes};
pub use value::{attribute_value, text_value};

/// What a document may not exceed. Depth is MSXML 6's default; the others keep a hostile file from costing more
/// than its size.
pub mod limits {
    /// Elements inside each other, the root counted.
    pub const DEPTH: usize = 256;
    /// Attributes of one element.
    pub const ATTRIBUTES: usize = 1024;
    /// Bytes (UTF-8) of the name of an element, an attribute or a processing instruction.
    pub const NAME: usize = 1024;
    /// Namespace declarations in force at one place.
    pub const NAMESPACES: usize = 256;
    /// Bytes of a file, and of its text in UTF-8: one less than 4 GiB, so that a `u32` counts them.
    pub const SIZE: u64 = u32::MAX as u64;
}
