//! Pasting: from text on a clipboard to changes of the store at hand.
//!
//! - [`text`]: what is copied as text, and what pasted text is;
//! - [`mod@plan`]: what pasted lines would do at a place, and what has to be decided first.

mod names;
pub mod plan;
mod planner;
pub mod text;
mod writing;

pub use plan::{Choices, Clash, Fill, Plan, PlanLine, Question, plan};
pub use planner::can_be_linked;
pub use text::{Account, Lines, Pasted, Resolve, of_objects, read};
