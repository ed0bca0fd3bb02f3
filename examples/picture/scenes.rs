//! What the pictures show: stores, and the keys that lead to each screen. Everything is fixed, GUIDs included, so a
//! picture is the same bytes whenever it is made.

use std::path::PathBuf;

use azedit::app::input::{Input, keys};
use azedit::app::work::Parcel;
use azedit::app::{App, Effect, HostEvent, OpenedFile, update};
use azedit::hyperv::cluster;
use azedit::hyperv::output::Told;
use azedit::store::{Guid, Session, Store, parse_script};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::svg::{Shot, film, svg};

/// A picture: the name of its file in `assets/`, and how to get there.
struct Scene {
    file: &'static str,
    size: (u16, u16),
    /// As [`keys`] reads them, after the store is opened.
    keys: &'static str,
    /// What is pasted then.
    paste: &'static str,
    /// What is typed last.
    then: &'static str,
}

const SCENES: [Scene; 6] = [
    Scene {
        file: "main.svg",
        size: (100, 28),
        // To the role assignment of Joes VM Scope; in it a member is added, and the details are left again.
        keys: "/ \"Joes\" Enter Right Down Down Down Right Down a \"S-1-5-21-2043597384-1177238915-839522115-1002\" Enter Enter",
        paste: "",
        then: "",
    },
    Scene {
        file: "picker.svg",
        size: (100, 28),
        keys: "/ \"Service Access\" Enter o \"snap\"",
        paste: "",
        then: "",
    },
    Scene {
        file: "save.svg",
        size: (100, 24),
        keys: "/ \"Joes\" Enter Right Down Down Down Right Down a \"S-1-5-21-2043597384-1177238915-839522115-1002\" Enter Enter s",
        paste: "",
        then: "",
    },
    Scene { file: "search.svg", size: (100, 28), keys: "/ \"access\"", paste: "", then: "" },
    Scene { file: "matrix.svg", size: (100, 28), keys: "W 4", paste: "", then: "Down" },
    Scene {
        file: "denied.svg",
        size: (100, 28),
        keys: "Ctrl+E Tab",
        paste: include_str!("denied.xml"),
        then: "Tab \"CONTOSO\\john=S-1-5-21-2043597384-1177238915-839522115-1001\" Enter \"CONTOSO\\joe=S-1-5-21-2043597384-1177238915-839522115-1002\" Ctrl+S Down",
    },
];

/// Two users who must not see each other's virtual machines, done from the beginning: keys after each of which a frame
/// is taken.
const FILM: &[&str] = &[
    "Home Down Down",
    "c s \"Johns VM Scope\"",
    "Enter",
    "c a \"Administrator\"",
    "Tab Tab \"S-1-5-21-2043597384-1177238915-839522115-1001\"",
    "Tab \"Administrator\"",
    "Ctrl+S",
    "Esc / \"Hyper-V\" Enter Esc",
    "c s \"Joes VM Scope\" Enter",
    "c a \"Administrator\" Tab Tab \"S-1-5-21-2043597384-1177238915-839522115-1002\" Tab \"Administrator\"",
    "Ctrl+S",
    "Esc / \"Hyper-V\" Enter Esc c r \"Service Access\" Enter",
    "o \"Read Service\" Down Space",
    "Up Ctrl+U \"Reconfigure\" Down Space",
    "Enter",
    "Esc / \"Hyper-V\" Enter Esc c a \"Service Access\"",
    "Tab Tab \"S-1-5-21-2043597384-1177238915-839522115-1001, S-1-5-21-2043597384-1177238915-839522115-1002\" Tab \"Service Access\"",
    "Ctrl+S",
    "W 4",
    "Esc s",
];

/// What the sample is changed to before the pictures are taken: two virtual machines, each with an administrator.
const STORE: &str = "
create scope 'Johns VM Scope' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7a01
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-2043597384-1177238915-839522115-1001 --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7a02
create scope 'Joes VM Scope' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7a03
create assignment Administrator --in 'Joes VM Scope' --role Administrator --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7a04
create role 'Service Access' --operation 'Read Service Configuration' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7a05
";

/// Every picture: the name of its file and its text.
pub fn pictures() -> Vec<(&'static str, String)> {
    let store = store();
    let mut pictures: Vec<_> = SCENES.iter().map(|scene| (scene.file, picture(scene, &store))).collect();
    let mut app = open(include_bytes!("../../assets/InitialStore.xml"), (80, 24));
    let shots: Vec<Shot> = FILM
        .iter()
        .map(|sequence| {
            press(&mut app, sequence);
            shot(&app)
        })
        .collect();
    pictures.push(("cluster.svg", nodes(&store)));
    pictures.extend(machines(&store));
    pictures.push(("two-users.svg", film(&shots, "azedit InitialStore.xml")));
    pictures
}

/// What the second node of a cluster has of it, and the third.
const NODES: [&str; 2] = [
    "
create scope 'Johns VM Scope' --description 'Payroll' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7b01
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-2043597384-1177238915-839522115-1001 --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7b02
create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7b05
delete operation 'Allow Virtual Machine Snapshot'
",
    "
create scope 'Johns VM Scope' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7c01
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-2043597384-1177238915-839522115-1001 --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7c02
create scope 'Joes VM Scope' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7c03
create assignment Administrator --in 'Joes VM Scope' --role Administrator --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7c04
create role 'Service Access' --operation 'Read Service Configuration' --guid 5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f7c05
",
];

/// The sample as a node of a cluster made it, with GUIDs of its own.
fn of_node(number: u32) -> Vec<u8> {
    let sample = include_str!("../../assets/InitialStore.xml");
    let guids = sample.split("Guid=\"").skip(1).filter_map(|rest| rest.get(..36));
    let made = guids.fold(sample.to_owned(), |text, guid| {
        text.replace(guid, &format!("{number:08x}{}", guid.get(8..).unwrap_or_default()))
    });
    made.into_bytes()
}

/// The stores of three nodes side by side.
fn nodes(store: &[u8]) -> String {
    let mut app = open_as(store, (100, 28), "hv01/InitialStore.xml");
    for (number, script) in (2..).zip(NODES) {
        let bytes = changed(&of_node(number), script);
        let path = format!("hv0{number}/InitialStore.xml");
        opened(&mut app, &bytes, &path);
    }
    press(&mut app, ") C Down Down");
    svg(&shot(&app), "azedit hv01/InitialStore.xml hv02/InitialStore.xml hv03/InitialStore.xml")
}

/// What the script that lists a host's machines printed there.
const LISTED: &str = "\
{\"azedit\":\"host\",\"name\":\"HV01\"}
{\"azedit\":\"machine\",\"guid\":\"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\",\"name\":\"Johns VM\",\"state\":2,\"scope\":\"\"}
{\"azedit\":\"machine\",\"guid\":\"D9E0EB0A-5B37-508E-9173-67E9ADE83ACF\",\"name\":\"Joes VM\",\"state\":3,\"scope\":\"\"}
{\"azedit\":\"machine\",\"guid\":\"7C2F55A1-0C39-4D4E-8A61-25C0A3B7D214\",\"name\":\"Domain controller\",\"state\":2,\"scope\":\"\"}
{\"azedit\":\"end\",\"count\":3}
";

/// Two virtual machines moved to their scopes: the tree, and what saving would do.
fn machines(store: &[u8]) -> [(&'static str, String); 2] {
    let mut app = open(store, (100, 28));
    app.asks_hosts = true;
    for line in [
        "add assignment Administrator --in 'Joes VM Scope' --member S-1-5-21-2043597384-1177238915-839522115-1002",
        "add role 'Service Access' --operation 'Reconfigure Service'",
        "create assignment 'Service Access' --role 'Service Access' --member S-1-5-21-2043597384-1177238915-839522115-1001 \
         --member S-1-5-21-2043597384-1177238915-839522115-1002",
    ] {
        press(&mut app, &format!(": \"{line}\" Enter"));
    }
    press(&mut app, "K h / \"E57917F3\" Enter z \"Johns\" Enter / \"D9E0EB0A\" Enter z \"Joes\" Enter Esc");
    let tree = svg(&shot(&app), "azedit live");
    press(&mut app, "s");
    [("machines.svg", tree), ("machines-save.svg", svg(&shot(&app), "azedit live"))]
}

fn store() -> Vec<u8> {
    changed(include_bytes!("../../assets/InitialStore.xml"), STORE)
}

fn changed(store: &[u8], script: &str) -> Vec<u8> {
    let mut session = Session::new(Store::open(store.to_vec()).expect("the sample is a store"));
    let changes: Vec<_> =
        parse_script(script).expect("the script is right").into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "prepare").expect("the changes fit the sample");
    session.store().rendering().to_bytes()
}

fn picture(scene: &Scene, store: &[u8]) -> String {
    let mut app = open(store, scene.size);
    press(&mut app, scene.keys);
    if !scene.paste.is_empty() {
        take(&mut app, Input::Paste(scene.paste.to_owned()));
    }
    press(&mut app, scene.then);
    svg(&shot(&app), "azedit InitialStore.xml")
}

thread_local! {
    /// How many GUIDs were given out.
    static GUIDS: std::cell::Cell<u16> = const { std::cell::Cell::new(0) };
}

/// The program with a store open.
fn open(store: &[u8], size: (u16, u16)) -> App {
    open_as(store, size, "InitialStore.xml")
}

fn open_as(store: &[u8], (width, height): (u16, u16), path: &str) -> App {
    let mut app = App::new();
    GUIDS.set(0);
    app.new_guid = || {
        GUIDS.set(GUIDS.get() + 1);
        Guid::parse(&format!("5f5e2f0c-0d5c-4a3e-9d36-0a8c1d1f{:04x}", GUIDS.get())).expect("a GUID")
    };
    take(&mut app, Input::Resize { width, height });
    opened(&mut app, store, path);
    app
}

fn opened(app: &mut App, store: &[u8], path: &str) {
    let file = OpenedFile {
        path: Some(PathBuf::from(path)),
        content: store.to_vec().into(),
        read_only: None,
        recovery: None,
    };
    take(app, Input::Host(HostEvent::Opened(file)));
}

fn press(app: &mut App, sequence: &str) {
    for input in keys(sequence).expect("the keys of a scene are keys") {
        take(app, input);
    }
}

fn shot(app: &App) -> Shot {
    let theme = Theme::builtin("dark").expect("the dark theme is built in");
    let (width, height) = app.size;
    let mut terminal =
        Terminal::new(TestBackend::new(width, height)).expect("a terminal in memory has no errors");
    let mut cursor = None;
    let frame = terminal
        .draw(|frame| {
            cursor = azedit::ui::paint(app, &theme, Glyphs::of(Tier::Unicode), frame.buffer_mut()).cursor;
        })
        .expect("a terminal in memory has no errors");
    (frame.buffer.clone(), cursor)
}

/// The host of a picture keeps no journal, knows no account and lets a search go on at once; anything else would need files.
fn take(app: &mut App, input: Input) {
    for effect in update(app, input) {
        match effect {
            Effect::GoOn => take(app, Input::Host(HostEvent::GoOn)),
            Effect::Compare(ids) => {
                let stores: Vec<_> =
                    ids.iter().filter_map(|&id| app.document(id)).map(azedit::app::Doc::store).collect();
                let found = cluster::compare(&stores, &|_| true).map(Parcel::new);
                take(app, Input::Host(HostEvent::Compared(ids, found)));
            }
            Effect::Machines(id, source) => {
                let asking = app.document(id).and_then(|doc| doc.machines.asking.clone());
                let told = Box::new(Told::read(LISTED.as_bytes()));
                let progress = asking.unwrap_or_default();
                take(app, Input::Host(HostEvent::Machines { id, source, progress, told }));
            }
            Effect::Journal(..)
            | Effect::Look(_)
            | Effect::Recent(_)
            | Effect::Ask(_)
            | Effect::ReadNames { .. } => {}
            other => unreachable!("a picture needs no host: {other:?}"),
        }
    }
}
