//! The policy store: typed objects over the document, links, names and limits; changing and writing.
