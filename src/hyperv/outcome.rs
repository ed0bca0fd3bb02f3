//! What came of the move of a virtual machine.

use serde::Deserialize;
use uuid::Uuid;

use super::inventory::{self, scope_words};

/// What the host said of one move: facts, from which [`MoveResult::outcome`] tells what they mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MoveResult {
    /// The machine.
    #[serde(with = "inventory::guid")]
    pub guid: Uuid,
    /// Its name; `None` = it was not found.
    pub name: Option<String>,
    /// Where it was to go.
    pub wanted: String,
    /// Where it was.
    pub old: Option<String>,
    /// Where it is, read back from the host; `None` = that could not be read.
    pub now: Option<String>,
    /// What `ModifyVirtualSystem` returned; `None` = it was not called.
    #[serde(default, rename = "return")]
    pub returned: Option<u32>,
    /// The last state of the job that it began.
    #[serde(default)]
    pub job: Option<u32>,
    /// The job's error.
    #[serde(default)]
    pub job_error: Option<i64>,
    /// The job's words.
    #[serde(default)]
    pub message: Option<String>,
    /// The error that ended the attempt, `0x80041002` …
    #[serde(default)]
    pub code: Option<String>,
    /// Its words.
    #[serde(default)]
    pub words: Option<String>,
}

/// What came of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is where it belongs, and was not before.
    Moved,
    /// It was there already.
    Already,
    /// The host has no such machine.
    Vanished,
    /// It is not there.
    Failed(String),
}

impl Outcome {
    /// Whether the machine is where it belongs.
    pub fn is_there(&self) -> bool {
        matches!(self, Outcome::Moved | Outcome::Already)
    }
}

/// What `ModifyVirtualSystem` returns when it does not do it.
fn return_words(code: u32) -> &'static str {
    match code {
        32768 => "failed",
        32769 => "access denied",
        32770 => "not supported",
        32771 => "status is unknown",
        32772 => "timeout",
        32773 => "invalid parameter",
        32774 => "the machine is in use",
        32775 => "the machine is in a state that does not allow it",
        32776 => "incorrect data type",
        32777 => "the system is not available",
        32778 => "out of memory",
        _ => "undocumented",
    }
}

impl MoveResult {
    /// What the facts mean. What was read back decides: a call that succeeded proves nothing.
    pub fn outcome(&self) -> Outcome {
        match (&self.now, &self.name) {
            (Some(now), _) if *now == self.wanted => {
                if self.old.as_ref() == Some(now) {
                    Outcome::Already
                } else {
                    Outcome::Moved
                }
            }
            (None, None) if self.code.is_none() => Outcome::Vanished,
            _ => Outcome::Failed(self.reason()),
        }
    }

    fn reason(&self) -> String {
        let with_words = |words: &Option<String>| {
            words
                .as_deref()
                .map(str::trim)
                .filter(|words| !words.is_empty())
                .map_or_else(String::new, |w| format!(": {w}"))
        };
        if let Some(code) = &self.code {
            return format!("the host said {code}{}", with_words(&self.words));
        }
        match (self.returned, self.job) {
            (Some(4096), Some(2..=4)) => {
                "the host is still at it after two minutes; list the machines later to see what came of it"
                    .to_owned()
            }
            (Some(4096), Some(7)) | (Some(0), _) => format!(
                "the host says it is done, but the machine is in {}",
                self.now.as_deref().map_or_else(|| "an unknown scope".to_owned(), scope_words)
            ),
            (Some(4096), state) => format!(
                "the host's job ended in state {} with error {}{}",
                state.map_or_else(|| "unknown".to_owned(), |state| state.to_string()),
                self.job_error.map_or_else(|| "unknown".to_owned(), |error| error.to_string()),
                with_words(&self.message)
            ),
            (Some(code), _) => format!("ModifyVirtualSystem returned {code}: {}", return_words(code)),
            (None, _) => "the host has no settings of this machine that hold a scope".to_owned(),
        }
    }
}
