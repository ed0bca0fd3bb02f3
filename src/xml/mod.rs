//! A lossless XML document: bytes in, the same bytes out. Knows nothing of `AzMan`.
