//! A difference as a line of a list: sign, what, name, where.

use crate::accounts::Names;
use crate::app::dialog::{SaveLine, SaveMove};
use crate::hyperv::inventory::scope_words;
use crate::hyperv::moves::Why;
use crate::store::{Difference, Kind, What};

/// One move as a line: sign, what, name.
pub fn move_line(one: &SaveMove) -> SaveLine {
    SaveLine {
        sign: '~',
        what: "virtual machine".to_owned(),
        text: one.order.name.clone(),
        ..SaveLine::default()
    }
}

/// Where a machine goes to, from where, and why.
pub fn move_way(one: &SaveMove) -> String {
    let to = scope_words(&one.order.to);
    let from = one.order.from.as_deref().map_or_else(|| "an unknown scope".to_owned(), scope_words);
    let why = match one.why {
        Why::Asked => "",
        Why::Renamed => ", which gets that name",
        Why::Deleted => ", which goes",
        Why::Missing => ", which the store does not have",
    };
    format!("to {to} from {from}{why}")
}

/// One difference as a line: sign, what, name, where.
pub fn line(names: &Names, difference: &Difference) -> SaveLine {
    let place = |word: &str| match (&difference.scope, difference.kind) {
        (_, Kind::Store) => String::new(),
        (Some(scope), _) => format!("{word} {} in {scope}", difference.name),
        (None, _) => format!("{word} {}", difference.name),
    };
    let level = difference.scope.as_ref().map_or_else(String::new, |scope| format!("in {scope}"));
    let of = place("of");
    let make = |sign, what: &str, text: String, place: String| SaveLine {
        sign,
        what: what.to_owned(),
        text,
        place,
        ..SaveLine::default()
    };
    let value = |text: &Option<String>| match text.as_deref() {
        None | Some("") => "none".to_owned(),
        Some(text) => text.to_owned(),
    };
    match &difference.what {
        What::Added => make('+', difference.kind.word(), difference.name.clone(), level),
        What::Removed => make('-', difference.kind.word(), difference.name.clone(), level),
        What::Moved { from } => {
            make('~', difference.kind.word(), difference.name.clone(), format!("was {from}"))
        }
        What::Attribute { name, old, .. } if name == "Name" => {
            make('~', difference.kind.word(), difference.name.clone(), format!("was {}", value(old)))
        }
        What::Attribute { name, new, .. } => make('~', attribute_word(name), value(new), of),
        What::Text { kind, new, .. } => make('~', kind.word(), value(new), of),
        What::Linked { kind, text, target } => {
            make('+', kind.word(), named(names, text, target.as_ref()), place("of"))
        }
        What::Unlinked { kind, text, target } => {
            make('-', kind.word(), named(names, text, target.as_ref()), place("of"))
        }
        What::Unknown { new, .. } if new.is_empty() => make('-', "unknown", "what it held".to_owned(), of),
        What::Unknown { new, .. } => make('~', "unknown", new.join(", "), of),
    }
}

fn attribute_word(name: &str) -> &str {
    match name {
        "Description" => "description",
        "ApplicationVersion" => "version",
        "GroupType" => "type",
        "BizRuleImportedPath" => "rule path",
        other => other,
    }
}

/// What is linked: the target's name, the account's name and SID, or the bare text.
fn named(names: &Names, text: &str, target: Option<&String>) -> String {
    target.map_or_else(|| names.shown_of(text).into_owned(), String::clone)
}
