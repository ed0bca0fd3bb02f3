//! The file is not what was read: somebody else wrote it.

use crate::store::{Store, diff};

use super::dialog::{Answer, Choice, Confirm, Dialog};
use super::effect::DocId;
use super::saving;
use super::state::App;

/// Says what changed in the file since it was read, and asks what becomes of it and of what is unsaved here.
pub fn ask(app: &mut App, id: DocId, disk: Option<Vec<u8>>, message: String) {
    let Some(doc) = app.document(id) else { return };
    let title = format!("{} is not what was read", doc.title());
    let mut lines = vec![message.clone(), "Nothing was written.".to_owned()];
    let theirs = disk.clone();
    let mut can_merge = false;
    let before = doc.on_disk.then(|| Store::open(doc.session.saved().to_bytes()));
    match (disk.map(Store::open), before) {
        (Some(Ok(theirs)), Some(Ok(before))) => {
            can_merge = true;
            let differences = diff(&before, &theirs);
            lines.push(String::new());
            lines.push(match differences.len() {
                0 => "It holds the same objects, written differently.".to_owned(),
                count => format!("Changed there since you opened it ({count}):"),
            });
            lines.extend(differences.iter().take(200).map(|difference| {
                let line = saving::line(difference);
                format!("  {} {} {} {}", line.sign, line.what, line.text, line.place).trim_end().to_owned()
            }));
        }
        (Some(Err(error)), _) => lines.push(format!("It is no store any more: {}", error.message)),
        (None, _) => lines.push("It is gone, or cannot be read.".to_owned()),
        _ => {}
    }
    lines.push(String::new());
    lines.push(
        "Reload takes the file as it is and drops your changes. Keep goes on with yours, unsaved.".to_owned(),
    );
    let mut choices = vec![
        Choice { label: "Keep mine".to_owned(), key: None, answer: Answer::KeepMine },
        Choice::new('r', "Reload", Answer::Reload),
    ];
    if can_merge {
        lines.push("Merge shows what you and they changed, and makes yours over theirs.".to_owned());
        choices.push(Choice::new('m', "Merge", Answer::Merge(id)));
        if let Some(doc) = app.document_mut(id) {
            doc.theirs = theirs;
        }
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
    app.fail(message);
}
