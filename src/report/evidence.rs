//! What configuration files of virtual machines say, as text and JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use super::show::escape;
use crate::hyperv::evidence::{Evidence, NotAConfiguration};
use crate::hyperv::inventory::guid_text;

/// A file that was looked at.
pub struct Looked {
    /// Its path.
    pub path: String,
    /// What it says.
    pub says: Result<Evidence, NotAConfiguration>,
}

/// Writes, for each file, the machine and what is called a scope, or why it says nothing.
pub fn write_text(mut out: impl Write, files: &[Looked]) -> io::Result<()> {
    for Looked { path, says } in files {
        writeln!(out, "{}", escape(path))?;
        let evidence = match says {
            Ok(evidence) => evidence,
            Err(why) => {
                writeln!(out, "  {}", escape(&why.to_string()))?;
                continue;
            }
        };
        let name = evidence.name.as_deref().unwrap_or("(it says no name)");
        let guid = evidence.guid.map_or_else(|| "(it says no GUID)".to_owned(), guid_text);
        writeln!(out, "  {}  {guid}", escape(name))?;
        for leaf in &evidence.scopes {
            let value =
                if leaf.value.is_empty() { "empty".to_owned() } else { format!("\"{}\"", leaf.value) };
            writeln!(out, "  evidence: {} is {}", escape(&leaf.path), escape(&value))?;
        }
        if evidence.scopes.is_empty() {
            writeln!(out, "  nothing in it is called a scope")?;
        }
    }
    if files.is_empty() {
        writeln!(out, "No configuration of a virtual machine is there.")?;
    } else {
        writeln!(
            out,
            "\nThis is evidence and not what the host goes by: no source says where a scope stands in these files. The host \
             itself tells: azedit vm list."
        )?;
    }
    Ok(())
}

/// Writes `{"format":1,"files":[{"path","guid","name","evidence":[{"path","value"}],"error":null}]}`. `error` says why a
/// file says nothing; then the others are null and empty.
pub fn write_json(out: impl Write, files: &[Looked]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'f> {
        format: u32,
        files: Vec<FileShape<'f>>,
    }
    json::write(out, &Document { format: 1, files: files.iter().map(file_shape).collect() })
}

#[derive(Serialize)]
struct FileShape<'f> {
    path: &'f str,
    guid: Option<String>,
    name: Option<&'f str>,
    evidence: Vec<LeafShape<'f>>,
    error: Option<String>,
}

#[derive(Serialize)]
struct LeafShape<'f> {
    path: &'f str,
    value: &'f str,
}

fn file_shape(file: &Looked) -> FileShape<'_> {
    let says = file.says.as_ref().ok();
    let leaves = says.into_iter().flat_map(|says| &says.scopes);
    FileShape {
        path: &file.path,
        guid: says.and_then(|says| says.guid).map(guid_text),
        name: says.and_then(|says| says.name.as_deref()),
        evidence: leaves.map(|leaf| LeafShape { path: &leaf.path, value: &leaf.value }).collect(),
        error: file.says.as_ref().err().map(ToString::to_string),
    }
}
