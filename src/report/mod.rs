//! Findings, diffs and stores as text, JSON, Markdown, HTML, SARIF.

pub mod show;
