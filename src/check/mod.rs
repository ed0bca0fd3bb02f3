//! The rules a store should keep: a table of code, severity, help, function, fix.
