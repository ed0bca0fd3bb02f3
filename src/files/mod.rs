//! Reading and replacing files: atomic save, lock, backup, recovery journal.
