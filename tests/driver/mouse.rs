//! The mouse, by what is seen.

use azedit::app::Input;
use azedit::app::input::{Button, MouseEvent, MouseKind};
use azedit::app::layout::Pane;

use crate::driver::Driver;
use crate::machines::in_scopes;

/// Does something with the mouse at the last cell of the first occurrence of a text.
#[track_caller]
pub fn at(t: &mut Driver, text: &str, kind: MouseKind) {
    let screen = t.screen();
    let found = screen.iter().enumerate().find_map(|(row, line)| Some((row, line.find(text)?)));
    let (row, byte) = found.unwrap_or_else(|| panic!("{text:?} is not seen:\n{}", screen.join("\n")));
    let column = azedit::report::show::width(&screen[row][..byte + text.len()]) - 1;
    let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    t.input(Input::Mouse(MouseEvent { kind, column, row }));
}

#[track_caller]
fn click(t: &mut Driver, text: &str) {
    at(t, text, MouseKind::Down(Button::Left));
}

#[track_caller]
fn double(t: &mut Driver, text: &str) {
    at(t, text, MouseKind::Down(Button::Left));
    at(t, text, MouseKind::Double(Button::Left));
}

fn cell(t: &mut Driver, kind: MouseKind, column: u16, row: u16) {
    t.input(Input::Mouse(MouseEvent { kind, column, row }));
}

fn wide() -> Driver {
    let mut t = Driver::sample();
    t.resize(120, 40);
    t
}

#[test]
fn a_click_selects_and_a_double_click_goes_in() {
    let mut t = wide();
    click(&mut t, "Role Assignments");
    t.selected("Hyper-V services: Role Assignments");
    t.keys("/ \"administrator\" Enter Esc Home");
    click(&mut t, "34 ops");
    t.selected("Hyper-V services/roles/Administrator");
    assert_eq!(t.app.focus, Pane::Tree);
    double(&mut t, "34 ops");
    assert_eq!(t.app.focus, Pane::Details);
    // A double click on a link follows it.
    double(&mut t, "Create Virtual Switch Port");
    t.selected("Hyper-V services/operations/Create Virtual Switch Port");
    // And on a property edits it; a click elsewhere keeps what was typed.
    double(&mut t, "Description");
    t.keys("\"Boot\"");
    click(&mut t, "Definitions");
    t.sees("Set description of operation \"Create Virtual Switch Port\".").keys("u");
}

#[test]
fn an_arrow_folds_and_unfolds() {
    let mut t = wide();
    click(&mut t, "▼ Definitions".split(' ').next().unwrap());
    t.sees_not("Hyper-V services\n").sees("►");
    let rows = t.app.doc().unwrap().tree.rows().len();
    click(&mut t, "►");
    assert!(t.app.doc().unwrap().tree.rows().len() > rows);
}

#[test]
fn keys_in_the_bar_and_buttons_of_dialogs_are_pressed() {
    let mut t = wide();
    t.keys("/ \"Administrator\" Enter Esc");
    click(&mut t, "Del Delete");
    t.sees("Delete");
    click(&mut t, "[ Cancel Esc");
    t.sees_not("[ Cancel Esc");
    t.keys("Del");
    click(&mut t, "[ Delete y");
    t.sees("Deleted").keys("u");
}

#[test]
fn a_form_is_filled_in_by_clicks() {
    let mut t = wide();
    t.keys("Home Down c");
    // A line of a menu is chosen at once.
    click(&mut t, "Application group");
    t.sees("Create application group").keys("\"G\"");
    click(&mut t, "Description");
    t.keys("\"why\"");
    click(&mut t, ") LDAP query");
    click(&mut t, "[ Create Enter");
    t.sees("Created application group \"G\".").sees("why").sees("LDAP query");
}

#[test]
fn rows_and_boxes_of_a_picker() {
    let mut t = wide();
    t.keys("Home Down Down c r \"Starter\" Enter o");
    click(&mut t, "Start Virtual Machine");
    t.sees("Close Enter");
    click(&mut t, "[ ] Allow Output".split(" Allow").next().unwrap());
    t.sees("Keep 1 change");
    click(&mut t, "Keep 1 change");
    t.sees("Added 1 link to role definition \"Starter\"");
}

#[test]
fn crumbs_lead_up_and_the_way_back_is_kept() {
    let mut t = wide();
    t.keys("/ \"Start Virtual\" Enter Esc");
    let screen = t.screen();
    let crumb = screen[1].find("Hyper-V services").unwrap();
    cell(&mut t, MouseKind::Down(Button::Left), u16::try_from(crumb).unwrap() + 2, 1);
    t.selected("Hyper-V services").keys(",").selected("Hyper-V services/operations/Start Virtual Machine");
}

#[test]
fn the_divider_is_dragged_and_stays() {
    let mut t = wide();
    let x = t.app.layout().divider_x.unwrap();
    cell(&mut t, MouseKind::Down(Button::Left), x, 10);
    cell(&mut t, MouseKind::Drag(Button::Left), x + 9, 12);
    cell(&mut t, MouseKind::Drag(Button::Left), x + 10, 12);
    cell(&mut t, MouseKind::Up(Button::Left), x + 10, 12);
    assert_eq!(t.app.layout().divider_x, Some(x + 10));
    cell(&mut t, MouseKind::Drag(Button::Left), 30, 12);
    assert_eq!(t.app.layout().divider_x, Some(x + 10), "nothing is dragged any more");
    t.resize(100, 30).resize(120, 40);
    assert_eq!(t.app.layout().divider_x, Some(x + 10));
}

#[test]
fn the_right_button_opens_the_menu_of_what_it_is_on() {
    let mut t = wide();
    t.keys("/ \"administrator\" Enter Esc Home");
    at(&mut t, "34 ops", MouseKind::Down(Button::Right));
    t.selected("Hyper-V services/roles/Administrator").sees("1  Properties").sees("Operations");
    click(&mut t, "Rename");
    assert!(t.app.edit().is_some());
    t.keys("Esc");
    at(&mut t, "34 ops", MouseKind::Down(Button::Right));
    cell(&mut t, MouseKind::Down(Button::Right), 118, 38);
    t.sees_not("1  Properties");
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    let mut t = Driver::sample();
    t.resize(120, 24).keys("/ \"switch\" Enter Esc Home");
    cell(&mut t, MouseKind::ScrollDown, 5, 8);
    let top = t.app.doc().unwrap().tree.top();
    assert!(top > 0);
    cell(&mut t, MouseKind::ScrollUp, 5, 8);
    assert_eq!(t.app.doc().unwrap().tree.top(), 0);
    t.keys("?");
    cell(&mut t, MouseKind::ScrollDown, 5, 8);
    t.keys("Esc");
}

#[test]
fn the_mouse_is_given_back_and_taken_again() {
    let mut t = wide();
    t.keys("%").sees("The mouse is the terminal's");
    assert!(!t.mouse && !t.app.mouse);
    t.keys("%").sees("The mouse is azedit's");
    assert!(t.mouse && t.app.mouse);
}

/// Where nothing was drawn, a click does nothing; a dialog covers what is under it.
#[test]
fn a_click_beside_a_dialog_does_nothing() {
    let mut t = wide();
    t.keys("End q");
    let before = t.text();
    cell(&mut t, MouseKind::Down(Button::Left), 10, 5);
    cell(&mut t, MouseKind::Double(Button::Left), 10, 5);
    assert!(t.has_quit || t.text() == before);
}

#[test]
fn the_mouse_on_rows_of_machines() {
    let mut t = in_scopes();
    t.keys("/ \"Joes VM Scope\" Enter Right");
    click(&mut t, "Joes VM  ");
    t.selected("Hyper-V services/scopes/Joes VM Scope: Joes VM");
    assert_eq!(t.app.focus, Pane::Tree);
    // A second click goes into the details; the key bar names what can be done with a machine.
    double(&mut t, "Joes VM  ");
    assert_eq!(t.app.focus, Pane::Details);
    click(&mut t, "Joes VM  ");
    click(&mut t, "z Move");
    t.sees("Move \"Joes VM\" to a scope");
    t.keys("\"Default\"");
    click(&mut t, "[ Move here Enter");
    t.selected("Hyper-V services: Joes VM").sees("1 change");
}
