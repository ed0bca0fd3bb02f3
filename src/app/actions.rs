//! The one table of actions.
//!
//! Keys, key bar, help, palette and the key table of the documentation all come from [`ACTIONS`]. An action that
//! cannot act says why: [`Action::enabled`] gives the sentence.

use crate::store::Kind;

use super::layout::Pane;
use super::sheet::Entry;
use super::state::App;
use super::tree::Part;
use super::{
    Effect, access_view, bulk, clip, commanding, denied, editing, enabled, exporting, filing, filter,
    finding, history, jumping, linking, machines, marked, moving, naming, pasting, problems, program,
    recipes, stores, versions,
};

/// The name of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is described in `ACTIONS`.
pub enum Id {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Right,
    Left,
    Parent,
    Enter,
    Back,
    NextPane,
    PreviousPane,
    Problems,
    GoBack,
    GoForward,
    Create,
    NewApplication,
    NewScope,
    NewRole,
    NewTask,
    NewOperation,
    NewAssignment,
    AssignRoles,
    NewGroup,
    Recipes,
    Rename,
    Describe,
    AddMembers,
    AddNonMembers,
    Roles,
    Tasks,
    Operations,
    Groups,
    Members,
    EditRule,
    NewAttribute,
    Delete,
    CopyText,
    Cut,
    Paste,
    CopyTo,
    MoveTo,
    MoveMachines,
    Mark,
    MarkAll,
    Fix,
    FixAll,
    HideProblems,
    ShowProblems,
    Undo,
    Redo,
    History,
    Search,
    SearchNext,
    SearchPrevious,
    Filter,
    ChangedOnly,
    ProblemsOnly,
    JumpList,
    NextProblem,
    PreviousProblem,
    WhereUsed,
    Access,
    Names,
    Explain,
    Copy,
    Open,
    NewStore,
    Sample,
    Reload,
    Machines,
    Save,
    SaveAs,
    Versions,
    Stores,
    Compare,
    NextStore,
    PreviousStore,
    Close,
    Export,
    Quit,
    Help,
    Menu,
    Palette,
    Themes,
    Log,
    Developer,
    Mouse,
    Redraw,
    Suspend,
}

/// Where help lists an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The labels say it.
pub enum Group {
    Move,
    Create,
    Change,
    Find,
    File,
    Program,
}

impl Group {
    /// Its heading.
    pub const fn label(self) -> &'static str {
        match self {
            Group::Move => "Move",
            Group::Create => "Create",
            Group::Change => "Change",
            Group::Find => "Find",
            Group::File => "File",
            Group::Program => "Program",
        }
    }
}

/// One action.
pub struct Action {
    /// Its name.
    pub id: Id,
    /// A short verb, for the key bar.
    pub label: &'static str,
    /// A sentence, for help.
    pub help: &'static str,
    /// Where help lists it.
    pub group: Group,
    /// Its keys, the first is the one that is shown.
    pub keys: &'static [&'static str],
    /// Why it cannot act now.
    pub enabled: fn(&App) -> Result<(), String>,
    /// Acts. Only called when it is enabled.
    pub run: fn(&mut App, &mut Vec<Effect>),
}

const fn action(
    id: Id,
    group: Group,
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
    enabled: fn(&App) -> Result<(), String>,
    run: fn(&mut App, &mut Vec<Effect>),
) -> Action {
    Action { id, label, help, group, keys, enabled, run }
}

/// Every action, in the order in which help lists them.
#[rustfmt::skip] // A table is read by its columns.
pub static ACTIONS: &[Action] = &[
    action(Id::Up, Group::Move, &["Up", "k"], "Up", "One line up.", enabled::store, |app, _| moving::step(app, -1)),
    action(Id::Down, Group::Move, &["Down", "j"], "Down", "One line down.", enabled::store, |app, _| moving::step(app, 1)),
    action(Id::PageUp, Group::Move, &["PgUp", "Ctrl+B"], "Page up", "One page up.", enabled::store, |app, _| moving::page(app, -1)),
    action(Id::PageDown, Group::Move, &["PgDn", "Ctrl+D"], "Page down", "One page down.", enabled::store, |app, _| moving::page(app, 1)),
    action(Id::First, Group::Move, &["Home", "<"], "First", "To the first line.", enabled::store, |app, _| moving::to_end(app, false)),
    action(Id::Last, Group::Move, &["End", ">"], "Last", "To the last line.", enabled::store, |app, _| moving::to_end(app, true)),
    action(Id::Right, Group::Move, &["Right", "l"], "Unfold", "Unfolds what is selected, or goes into it.", enabled::store, |app, _| moving::right(app)),
    action(Id::Left, Group::Move, &["Left", "h"], "Fold", "Folds what is selected, or goes to what it is in.", enabled::store, |app, _| moving::left(app)),
    action(Id::Parent, Group::Move, &["Backspace"], "Parent", "To what the selection is in.", enabled::store, |app, _| moving::parent(app)),
    action(Id::Enter, Group::Move, &["Enter", "Alt+Enter"], "Properties", "Goes into the details; there it edits the line, or follows the link.", enabled::store, editing::enter),
    action(Id::Back, Group::Move, &["Esc"], "Back", "One step back.", |_| Ok(()), |app, _| moving::back(app)),
    action(Id::NextPane, Group::Move, &["Tab"], "Next pane", "To the next pane: tree, details, problems.", enabled::store, |app, _| moving::next_pane(app, true)),
    action(Id::PreviousPane, Group::Move, &["Shift+Tab"], "Previous pane", "To the previous pane.", enabled::store, |app, _| moving::next_pane(app, false)),
    action(Id::Problems, Group::Move, &["p"], "Problems", "To the problems.", enabled::store, |app, _| app.focus = Pane::Problems),
    action(Id::GoBack, Group::Move, &[",", "Alt+Left"], "Go back", "To where the selection was before it jumped.", enabled::store, |app, _| moving::along_trail(app, false)),
    action(Id::GoForward, Group::Move, &[".", "Alt+Right"], "Go forward", "To where the selection was before it went back.", enabled::store, |app, _| moving::along_trail(app, true)),

    action(Id::Create, Group::Create, &["c", "Ins"], "Create", "Creates something where the selection is; asks what.", enabled::change, editing::create_menu),
    action(Id::NewApplication, Group::Create, &[], "New application", "Creates an application in the store.", |app| enabled::create(app, Kind::Application), |app, _| editing::create(app, Kind::Application)),
    action(Id::NewScope, Group::Create, &[], "New scope", "Creates a scope in the application.", |app| enabled::create(app, Kind::Scope), |app, _| editing::create(app, Kind::Scope)),
    action(Id::NewRole, Group::Create, &[], "New role definition", "Creates a role definition in the application or scope.", |app| enabled::create(app, Kind::Role), |app, _| editing::create(app, Kind::Role)),
    action(Id::NewTask, Group::Create, &[], "New task definition", "Creates a task definition in the application or scope.", |app| enabled::create(app, Kind::Task), |app, _| editing::create(app, Kind::Task)),
    action(Id::NewOperation, Group::Create, &[], "New operation", "Creates an operation definition in the application.", |app| enabled::create(app, Kind::Operation), |app, _| editing::create(app, Kind::Operation)),
    action(Id::NewAssignment, Group::Create, &[], "New role assignment", "Creates a role assignment in the application or scope.", |app| enabled::create(app, Kind::Assignment), |app, _| editing::create(app, Kind::Assignment)),
    action(Id::AssignRoles, Group::Create, &[], "Assign roles", "Creates a role assignment for each role definition that is ticked, with its name.", |app| enabled::create(app, Kind::Assignment), |app, _| super::assigning::pick(app)),
    action(Id::NewGroup, Group::Create, &[], "New group", "Creates an application group in the store, application or scope.", |app| enabled::create(app, Kind::Group), |app, _| editing::create(app, Kind::Group)),
    action(Id::Recipes, Group::Create, &["+"], "Recipes", "Uses a recipe for Hyper-V: a scope of their own, console users, administrators; shown before it is made.", recipes::can_use, |app, _| recipes::menu(app)),

    action(Id::Rename, Group::Change, &["F2", "R"], "Rename", "Gives the selected object another name; links to it stay.", enabled::rename, |app, _| editing::edit_prop(app, super::sheet::Prop::Name)),
    action(Id::Describe, Group::Change, &["d"], "Describe", "Edits the description of the selected object.", enabled::object, |app, _| bulk::describe(app)),
    action(Id::AddMembers, Group::Change, &["a"], "Add members", "Adds accounts to a role assignment or group.", enabled::members, |app, _| editing::add_members(app, false)),
    action(Id::AddNonMembers, Group::Change, &["A"], "Add non-members", "Adds accounts that a group keeps out.", enabled::non_members, |app, _| editing::add_members(app, true)),
    action(Id::Roles, Group::Change, &["r"], "Role definitions", "Ticks the role definitions of an assignment or of a role definition.", enabled::roles, |app, _| editing::pick(app, Kind::Role)),
    action(Id::Tasks, Group::Change, &["t"], "Task definitions", "Ticks the task definitions of a definition.", enabled::tasks, |app, _| editing::pick(app, Kind::Task)),
    action(Id::Operations, Group::Change, &["o"], "Operations", "Ticks the operations of a definition.", enabled::operations, |app, _| editing::pick(app, Kind::Operation)),
    action(Id::Groups, Group::Change, &["g"], "Groups", "Ticks the application groups that are members of an assignment or group.", enabled::members, |app, _| editing::pick(app, Kind::Group)),
    action(Id::Members, Group::Change, &[], "Members", "Ticks the members of role assignments and groups; who is unticked is removed.", enabled::members, |app, _| linking::pick_members(app)),
    action(Id::EditRule, Group::Change, &["e"], "Rule", "Edits the authorization rule of a definition or group.", enabled::rule, |app, _| super::rules::edit(app)),
    action(Id::NewAttribute, Group::Change, &[], "Add attribute", "Adds an attribute that AzMan's format does not name (a limit, auditing, application data) as it stands in the file.", enabled::object, |app, _| super::creating::add_attribute(app)),
    action(Id::Delete, Group::Change, &["Del", "x"], "Delete", "Deletes the selected object, or removes the selected member or link.", enabled::delete, bulk::delete),
    action(Id::Copy, Group::Change, &["y"], "Copy", "Copies what is marked or selected: objects as change-language lines, members as SIDs.", clip::can_copy, clip::copy),
    action(Id::CopyText, Group::Change, &["Y"], "Copy text", "Copies the text of the selected line: a path, a SID, a value.", enabled::store, clip::copy_text),
    action(Id::Cut, Group::Change, &["X", "Ctrl+X"], "Cut", "Copies what is marked or selected; pasting in this store moves it.", enabled::cut, clip::cut),
    action(Id::Paste, Group::Change, &["v", "Ctrl+V"], "Paste", "Pastes what was copied: here, or into every marked scope. Accounts become members. Shows first what it would do.", enabled::change, pasting::paste),
    action(Id::CopyTo, Group::Change, &[], "Copy into", "Copies what is marked or selected into ticked scopes or applications.", enabled::copy_to, |app, _| pasting::pick_places(app, false)),
    action(Id::MoveTo, Group::Change, &[], "Move to", "Moves what is marked or selected to another scope or the application; links to it stay.", enabled::cut, |app, _| pasting::pick_places(app, true)),
    action(Id::MoveMachines, Group::Change, &["z"], "Move machines", "Moves the marked or selected virtual machines to another scope; the host is told when the store is saved.", machines::moving::can_move, |app, _| machines::moving::pick(app)),
    action(Id::Mark, Group::Change, &["Space"], "Mark", "Marks the selected line and goes on to the next; what is marked is changed in one go.", marked::can_mark, |app, _| marked::toggle(app)),
    action(Id::MarkAll, Group::Change, &["*"], "Mark all", "Marks all of its kind beside the selected line, or unmarks them.", marked::can_mark_all, |app, _| marked::toggle_all(app)),
    action(Id::Fix, Group::Change, &["f"], "Fix", "Fixes the selected problem, or the first of the selected object that can be.", enabled::fix, editing::fix),
    action(Id::FixAll, Group::Change, &["F"], "Fix all", "Fixes all problems of the selected one's kind, as one step.", problems::can_fix_all, problems::fix_all),
    action(Id::Undo, Group::Change, &["u", "Ctrl+Z"], "Undo", "Takes the last change back.", enabled::undo, editing::undo),
    action(Id::Redo, Group::Change, &["U", "Ctrl+R", "Ctrl+Y"], "Redo", "Does again what was taken back.", enabled::redo, editing::redo),
    action(Id::History, Group::Change, &["H"], "History", "The steps of this session: what is saved, where you are; Enter goes to any of them.", enabled::store, |app, _| history::open(app)),

    action(Id::Search, Group::Find, &["/", "Ctrl+F"], "Search", "Finds names, descriptions, numbers, GUIDs, SIDs and their names, rules and queries.", enabled::store, |app, _| finding::begin(app)),
    action(Id::SearchNext, Group::Find, &["n", "F3"], "Next match", "To the next match of the search.", enabled::searched, |app, _| finding::again(app, super::search::Way::Forward)),
    action(Id::SearchPrevious, Group::Find, &["N", "Shift+F3"], "Previous match", "To the previous match of the search.", enabled::searched, |app, _| finding::again(app, super::search::Way::Backward)),
    action(Id::Filter, Group::Find, &["&"], "Filter", "Narrows the tree to what matches a text; Esc shows all again.", enabled::store, |app, _| filter::begin(app)),
    action(Id::ChangedOnly, Group::Find, &["~"], "Changed only", "Narrows the tree to what is not saved; again shows all.", enabled::changed_only, |app, _| filter::toggle_changed(app)),
    action(Id::ProblemsOnly, Group::Find, &["!"], "Problems only", "Narrows the tree to what has errors or warnings; again shows all.", enabled::problems_only, |app, _| filter::toggle_problems(app)),
    action(Id::JumpList, Group::Find, &["G", "Ctrl+G"], "Go to", "Goes to an object by some letters of its name.", enabled::store, |app, _| jumping::jump_list(app)),
    action(Id::NextProblem, Group::Find, &["]", "F8"], "Next problem", "To the next problem.", enabled::problems, |app, _| finding::next_problem(app, true)),
    action(Id::PreviousProblem, Group::Find, &["[", "Shift+F8"], "Previous problem", "To the previous problem.", enabled::problems, |app, _| finding::next_problem(app, false)),
    action(Id::HideProblems, Group::Find, &["i"], "Hide kind", "Hides all problems of the selected one's kind until the store is closed.", problems::can_hide, |app, _| problems::hide(app)),
    action(Id::ShowProblems, Group::Find, &[], "Show hidden", "Shows the hidden problems again.", problems::can_show, |app, _| problems::show_hidden(app)),
    action(Id::WhereUsed, Group::Find, &["w"], "Where used", "Lists what refers to the selected object, or lists the selected account.", jumping::can_ask, |app, _| jumping::where_used(app)),
    action(Id::Access, Group::Find, &["W"], "Access", "Who may do what, and why; offers the changes that would give or take it.", access_view::can_open, |app, _| access_view::open(app)),
    action(Id::Names, Group::Find, &["I"], "Names", "Loads or writes a map of accounts' names; on Windows asks who accounts are.", |_| Ok(()), |app, _| naming::menu(app)),
    action(Id::Explain, Group::Find, &["Ctrl+E"], "Explain", "Explains denied access checks from exported events (4666), and grants what is missing.", enabled::store, |app, _| denied::ask(app)),

    action(Id::Open, Group::File, &["Ctrl+O", "O"], "Open", "Opens another store beside those that are open.", |_| Ok(()), |app, _| filing::ask_open(app)),
    action(Id::NewStore, Group::File, &["Ctrl+N"], "New store", "Begins an empty store; nothing is written before it is saved.", enabled::writing, |app, _| filing::ask_new(app)),
    action(Id::Sample, Group::File, &[], "Sample", "Opens a sample store to try things out.", |_| Ok(()), filing::open_sample),
    action(Id::Reload, Group::File, &["F5", "L"], "Reload", "Reads the file again.", enabled::reload, filing::ask_reload),
    action(Id::Machines, Group::File, &["K"], "Virtual machines", "Asks a Hyper-V host for its virtual machines, or reads what its script printed; they stand under their scopes then.", enabled::store, |app, _| machines::listing::ask(app)),
    action(Id::Save, Group::File, &["s", "Ctrl+S"], "Save", "Shows what will change in the file, then saves it.", enabled::save, |app, _| filing::ask_save(app)),
    action(Id::Versions, Group::File, &["V"], "Versions", "The earlier versions of the file: who saved what and when; brings one back.", enabled::reload, versions::ask),
    action(Id::SaveAs, Group::File, &["S"], "Save as", "Writes the store to a new file and goes on with that one.", enabled::save_as, |app, _| filing::ask_save_as(app)),
    action(Id::Stores, Group::File, &["b"], "Stores", "Lists the open stores, to find one and to show it.", enabled::store, |app, _| stores::list(app)),
    action(Id::Compare, Group::File, &["C"], "Compare", "Compares the open stores, or this one with another: what differs between the nodes of a cluster; brings one into line.", enabled::store, super::comparing::open),
    action(Id::NextStore, Group::File, &[")", "Ctrl+PgDn"], "Next store", "Shows the next open store.", enabled::other_store, |app, _| stores::next(app, true)),
    action(Id::PreviousStore, Group::File, &["(", "Ctrl+PgUp"], "Previous store", "Shows the open store before this one.", enabled::other_store, |app, _| stores::next(app, false)),
    action(Id::Close, Group::File, &["Ctrl+W"], "Close", "Closes the store; asks when something in it is not saved.", enabled::store, stores::ask_close),
    action(Id::Export, Group::File, &["E"], "Export list", "Writes what is on the screen as CSV, JSON or Markdown, to a file or the clipboard.", enabled::export, |app, _| exporting::ask(app)),
    action(Id::Quit, Group::File, &["q", "F10", "Ctrl+C"], "Quit", "Leaves; asks when something is not saved.", |_| Ok(()), stores::quit),

    action(Id::Help, Group::Program, &["?", "F1"], "Help", "Every action, to search and to run.", |_| Ok(()), |app, _| program::help(app)),
    action(Id::Themes, Group::Program, &["T"], "Themes", "Tries other colours on; what is chosen is worn until you leave.", |_| Ok(()), super::themes::choose),
    action(Id::Palette, Group::Program, &[":", "Ctrl+P"], "Command", "Runs an action by words, or carries out a change as it is typed: create, delete, rename, set, add, remove, copy, move.", |_| Ok(()), |app, _| commanding::open(app)),
    action(Id::Menu, Group::Program, &["m", "Shift+F10"], "Menu", "What can be done with the selection.", enabled::store, |app, _| program::open_menu(app, None)),
    action(Id::Log, Group::Program, &["M"], "Messages", "The messages of this session.", |_| Ok(()), |app, _| program::log(app)),
    action(Id::Developer, Group::Program, &["D"], "Developer mode", "Switches between administrator and developer mode, as azman.msc has them.", |_| Ok(()), |app, _| program::switch_mode(app)),
    action(Id::Mouse, Group::Program, &["%"], "Mouse", "Gives the mouse to the terminal, which selects text with it; again takes it back.", |_| Ok(()), program::toggle_mouse),
    action(Id::Redraw, Group::Program, &["Ctrl+L"], "Redraw", "Draws the screen again.", |_| Ok(()), |_, effects| effects.push(Effect::Redraw)),
    action(Id::Suspend, Group::Program, &["Z"], "Suspend", "Gives the terminal back to the shell until fg.", |_| Ok(()), |_, effects| effects.push(Effect::Suspend)),
];

impl Action {
    /// Whether it can act now.
    ///
    /// # Errors
    /// Why not, in a sentence.
    pub fn can(&self, app: &App) -> Result<(), String> {
        machines::why_not(app, self.id)?;
        (self.enabled)(app)
    }
}

/// The record of an action.
pub fn get(id: Id) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}

/// The ways in, on the start screen: a key of its own for each, since nothing else can be meant there.
pub const START: [(char, Id, &str); 3] = [
    ('o', Id::Open, "Open a store: a path, or the address that azman.msc shows"),
    ('n', Id::NewStore, "New store: an empty one, written when you save it"),
    ('t', Id::Sample, "Try the sample: a store as Hyper-V makes it, not saved anywhere"),
];

/// The actions that matter for what is selected, the most wanted first: the key bar shows as many as fit.
pub fn bar(app: &App) -> Vec<Id> {
    let Some(doc) = app.doc() else { return vec![Id::Help, Id::Quit] };
    let mut ids = Vec::new();
    match app.focus {
        Pane::Tree if !doc.marked.is_empty() => ids.extend(marked_bar(app, doc.marked.only_kind())),
        Pane::Tree if doc.machine().is_some() || doc.marked.machines().len() > 0 => {
            ids.extend([Id::MoveMachines, Id::Mark, Id::Enter, Id::Copy, Id::Machines]);
        }
        Pane::Tree => match (doc.node().part, doc.selected_kind()) {
            (Part::Object, Some(Kind::Assignment)) => {
                ids.extend([Id::AddMembers, Id::Roles, Id::Groups, Id::Rename, Id::Delete]);
            }
            (Part::Object, Some(Kind::Group)) => {
                ids.extend([Id::AddMembers, Id::Groups, Id::AddNonMembers, Id::Rename, Id::Delete]);
            }
            (Part::Object, Some(Kind::Role)) => {
                ids.extend([Id::Operations, Id::Roles, Id::Tasks, Id::Rename, Id::Delete, Id::WhereUsed]);
            }
            (Part::Object, Some(Kind::Task)) => {
                ids.extend([Id::Operations, Id::Tasks, Id::Rename, Id::Delete, Id::WhereUsed]);
            }
            (Part::Object, Some(Kind::Operation)) => {
                ids.extend([Id::Access, Id::WhereUsed, Id::Rename, Id::Describe, Id::Delete]);
            }
            (Part::Object, Some(Kind::Store)) => {
                ids.extend([Id::Create, Id::Enter, Id::Search, Id::Problems]);
            }
            (Part::Object, _) => ids.extend([Id::Create, Id::Rename, Id::Delete, Id::Enter, Id::Access]),
            _ => ids.extend([Id::Create, Id::Right, Id::Search]),
        },
        Pane::Details => {
            match doc.sheet.entry() {
                Some(Entry::Account(_)) => ids.extend([Id::Delete, Id::Copy, Id::Access]),
                Some(Entry::Link(_) | Entry::Referrer(_)) => ids.extend([Id::Delete, Id::Copy]),
                Some(Entry::Finding(_)) => ids.push(Id::Fix),
                _ => ids.extend([Id::Enter, Id::Copy]),
            }
            match doc.selected_kind() {
                None if doc.machine().is_some() => ids.push(Id::MoveMachines),
                Some(Kind::Assignment | Kind::Group) => ids.extend([Id::AddMembers, Id::Groups]),
                Some(Kind::Role | Kind::Task) => ids.extend([Id::Operations, Id::Tasks]),
                _ => ids.push(Id::Create),
            }
            ids.push(Id::Back);
        }
        Pane::Problems => ids.extend([Id::Enter, Id::Fix, Id::FixAll, Id::HideProblems, Id::Back]),
    }
    // What was copied is most likely to be pasted into a place.
    if app.clip.is_some() && app.focus == Pane::Tree && doc.marked.is_empty() {
        let is_place = doc.selected_kind().is_none_or(|kind| matches!(kind, Kind::Application | Kind::Scope));
        ids.insert(if is_place { 0 } else { ids.len().min(2) }, Id::Paste);
    }
    ids.extend([Id::Undo, Id::Save, Id::Help, Id::Quit]);
    ids
}

/// What can be done with what is marked, if it is all of one kind.
fn marked_bar(app: &App, kind: Option<Kind>) -> Vec<Id> {
    let mut ids = match kind {
        Some(Kind::Assignment) => vec![Id::AddMembers, Id::Roles, Id::Groups],
        Some(Kind::Group) => vec![Id::AddMembers, Id::Groups],
        Some(Kind::Role | Kind::Task) => vec![Id::Operations, Id::Tasks],
        Some(Kind::Application | Kind::Scope) if app.clip.is_some() => vec![Id::Paste],
        _ => Vec::new(),
    };
    ids.extend([Id::Copy, Id::Delete, Id::Describe, Id::Back]);
    ids
}

/// The key table of the documentation, as Markdown.
pub fn markdown() -> String {
    use std::fmt::Write as _;
    let mut text = String::from("\n| Keys | Action | What it does |\n| --- | --- | --- |\n");
    let mut last = None;
    for action in ACTIONS {
        if last != Some(action.group) {
            last = Some(action.group);
            let _ = writeln!(text, "| **{}** | | |", action.group.label());
        }
        let keys: Vec<String> = action.keys.iter().map(|key| format!("`{key}`")).collect();
        let keys = if keys.is_empty() { "through `c` or `?`".to_owned() } else { keys.join(" ") };
        let _ = writeln!(text, "| {keys} | {} | {} |", action.label, action.help);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::app::input::KeyPress;

    #[test]
    fn every_key_is_a_key_and_means_one_thing() {
        let mut seen = HashMap::new();
        for action in ACTIONS {
            for key in action.keys {
                let press: KeyPress = key.parse().unwrap();
                assert_eq!(press.to_string(), *key, "written as it is shown");
                assert_eq!(seen.insert(press, action.id), None, "{key}");
            }
        }
    }

    #[test]
    fn no_function_key_is_the_only_way() {
        for action in ACTIONS.iter().filter(|action| !action.keys.is_empty()) {
            assert!(action.keys.iter().any(|key| !key.contains('F') || *key == "F"), "{:?}", action.id);
        }
    }

    #[test]
    fn each_action_stands_once_in_the_table_grouped_and_described() {
        let mut last = Group::Move;
        for (index, action) in ACTIONS.iter().enumerate() {
            assert!(ACTIONS.iter().skip(index + 1).all(|other| other.id != action.id), "{:?}", action.id);
            assert!(action.group >= last, "{:?}", action.id);
            last = action.group;
            assert!(action.help.ends_with('.') && !action.help.contains('!'), "{}", action.help);
        }
    }
}
