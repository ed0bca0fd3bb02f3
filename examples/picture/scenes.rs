//! What the pictures show: stores, and the keys that lead to each screen. Everything is fixed, GUIDs included, so a
//! picture is the same bytes whenever it is made.

use std::path::PathBuf;

use azedit::app::input::{Input, keys};
use azedit::app::{App, Effect, HostEvent, OpenedFile, update};
use azedit::store::{Session, Store, parse_script};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::svg::svg;

/// A picture: the name of its file in `assets/`, and how to get there.
struct Scene {
    file: &'static str,
    size: (u16, u16),
    /// As [`keys`] reads them, after the store is opened.
    keys: &'static str,
}

const SCENES: [Scene; 2] = [
    Scene {
        file: "main.svg",
        size: (100, 28),
        // To the role assignment of Joes VM Scope; in it a member is added, and the details are left again.
        keys: "/ \"Joes\" Enter Right Down Down Down Right Down a \"S-1-5-21-2043597384-1177238915-839522115-1002\" Enter Enter",
    },
    Scene {
        file: "save.svg",
        size: (100, 24),
        keys: "/ \"Joes\" Enter Right Down Down Down Right Down a \"S-1-5-21-2043597384-1177238915-839522115-1002\" Enter Enter s",
    },
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
    SCENES.iter().map(|scene| (scene.file, picture(scene, &store))).collect()
}

fn store() -> Vec<u8> {
    let sample = include_bytes!("../../assets/InitialStore.xml");
    let mut session = Session::new(Store::open(sample.to_vec()).expect("the sample is a store"));
    let changes: Vec<_> =
        parse_script(STORE).expect("the script is right").into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "prepare").expect("the changes fit the sample");
    session.store().rendering().to_bytes()
}

fn picture(scene: &Scene, store: &[u8]) -> String {
    let mut app = App::new();
    let (width, height) = scene.size;
    take(&mut app, Input::Resize { width, height });
    let file = OpenedFile {
        path: Some(PathBuf::from("InitialStore.xml")),
        content: store.to_vec().into(),
        read_only: None,
        recovery: None,
    };
    take(&mut app, Input::Host(HostEvent::Opened(file)));
    for input in keys(scene.keys).expect("the keys of a scene are keys") {
        take(&mut app, input);
    }
    let theme = Theme::builtin("dark").expect("the dark theme is built in");
    let mut terminal =
        Terminal::new(TestBackend::new(width, height)).expect("a terminal in memory has no errors");
    let mut cursor = None;
    let frame = terminal
        .draw(|frame| {
            cursor = azedit::ui::paint_all(&app, &theme, Glyphs::of(Tier::Unicode), frame.buffer_mut());
        })
        .expect("a terminal in memory has no errors");
    svg(frame.buffer, cursor, "azedit InitialStore.xml")
}

/// The host of a picture keeps no journal; anything else would need files.
fn take(app: &mut App, input: Input) {
    for effect in update(app, input) {
        assert!(matches!(effect, Effect::Journal(..)), "a picture needs no host: {effect:?}");
    }
}
