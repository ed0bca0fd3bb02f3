use super::*;
use crate::ui::colour::{contrast, looks};

fn faults(text: &str) -> Vec<String> {
    Theme::parse(text, &|_| None).1.into_iter().map(|fault| fault.0).collect()
}

#[test]
fn names_stand_in_the_order_of_the_faces() {
    for (n, (face, name, purpose)) in NAMES.iter().enumerate() {
        assert_eq!(*face as usize, n, "{name}");
        assert!(!purpose.is_empty());
    }
}

#[test]
fn the_built_in_themes_have_no_faults() {
    for (name, text) in BUILTIN {
        assert_eq!(faults(text), Vec::<String>::new(), "{name}");
    }
}

/// Terminals let people choose these 16 colours; anything else may be illegible on the background they chose.
#[test]
fn the_first_four_themes_use_only_palette_colours() {
    let palette = |colour: Color| COLOURS.iter().any(|(_, known)| *known == colour);
    for (name, _) in BUILTIN.into_iter().take(4) {
        let theme = Theme::builtin(name).unwrap();
        for (face, face_name, _) in NAMES {
            let style = theme.style(face);
            let colours = [style.fg, style.bg].into_iter().flatten();
            assert!(colours.clone().all(palette), "{name}: {face_name}");
            assert!(name != "mono" || colours.count() == 0, "mono has a colour: {face_name}");
        }
    }
}

#[test]
fn the_selection_is_reversed_or_has_a_background_of_its_own() {
    for (name, _) in BUILTIN {
        let style = Theme::builtin(name).unwrap().style(Face::Selection);
        assert!(style.add_modifier.contains(Modifier::REVERSED) || style.bg.is_some(), "{name}");
    }
}

#[test]
fn a_face_falls_back_to_its_parent() {
    let (theme, faults) = Theme::parse("[faces]\nfield = \"red\"\nchange = \"blue\"\n", &|_| None);
    assert_eq!(faults, []);
    assert_eq!(theme.style(Face::FieldFocus), Style::default().fg(Color::Red));
    assert_eq!(theme.style(Face::Added), Style::default().fg(Color::Blue));
    assert_eq!(theme.style(Face::DialogFrame), Style::default());
}

#[test]
fn a_theme_inherits_and_may_change_the_palette_alone() {
    let base = "[palette]\naccent = \"red\"\n[faces]\nframe = \"accent\"\ntitle = \"green\"\n";
    let find = |name: &str| (name == "base").then(|| base.to_owned());
    let (theme, faults) = Theme::parse(
        "inherits = \"base\"\n[palette]\naccent = \"#010203\"\n[faces]\ntitle = \"blue\"\n",
        &find,
    );
    assert_eq!(faults, []);
    assert_eq!(theme.style(Face::Frame).fg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(theme.style(Face::Title).fg, Some(Color::Blue));
    let (theme, faults) = Theme::parse("inherits = \"dark\"", &|_| None);
    assert_eq!((theme, faults), (Theme::builtin("dark").unwrap(), vec![]));
}

#[test]
fn every_fault_is_listed_and_the_rest_is_used() {
    let text = "colour = 1\ninherits = \"none\"\n[faces]\nnope = \"red\"\nframe = \"mauve\"\ntitle = { fg = 3 }\n\
                key = { fgg = \"red\" }\ntext = { modifiers = [\"blink\"] }\nbutton = \"green\"\n";
    let (theme, faults) = Theme::parse(text, &|_| None);
    assert_eq!(faults.len(), 7, "{faults:?}");
    assert_eq!(theme.style(Face::Button).fg, Some(Color::Green));
    assert_eq!(theme.style(Face::Frame), Style::default());
}

#[test]
fn a_circle_of_themes_ends() {
    let find = |_: &str| Some("inherits = \"a\"".to_owned());
    let (_, faults) = Theme::parse("inherits = \"a\"", &find);
    assert_eq!(faults, [Fault("`inherits = \"a\"` leads in a circle".to_owned())]);
}

#[test]
fn text_that_is_no_toml_gives_the_bare_theme_and_says_where() {
    let (theme, faults) = Theme::parse("[faces\n", &|_| None);
    assert_eq!(theme.style(Face::Selection), Style::default());
    assert!(faults.len() == 1 && faults[0].0.contains("line 1"), "{faults:?}");
}

/// What the terminal's own colours are taken to be: a theme for a light background is worn on one.
fn own_colours(name: &str) -> (Color, Color) {
    if name == "light" { (Color::Black, Color::White) } else { (Color::Gray, Color::Black) }
}

#[test]
fn every_face_of_every_theme_can_be_read_at_every_depth() {
    let mut wrong = Vec::new();
    for (name, _) in BUILTIN {
        let (ink, paper) = own_colours(name);
        for depth in [Depth::Sixteen, Depth::Indexed, Depth::Full] {
            let theme = Theme::builtin(name).unwrap().at(depth);
            for (face, face_name, _) in NAMES {
                let style = theme.style(face);
                let text = theme.style(Face::Text).fg.unwrap_or(Color::Reset);
                let fg = looks(style.fg.unwrap_or(text), ink);
                for ground in theme.grounds(face) {
                    let seen = contrast(fg, looks(ground, paper));
                    let least = match (name, LINES.contains(&face)) {
                        ("high-contrast", _) => 7.0,
                        (_, true) => VISIBLE,
                        _ => LEGIBLE,
                    };
                    if seen < least {
                        wrong.push(format!("{name} at {depth:?}, {face_name} on {ground:?}: {seen:.2}"));
                    }
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_theme_wears_only_what_a_depth_has() {
    for (name, _) in BUILTIN {
        for depth in [Depth::Sixteen, Depth::Indexed] {
            let theme = Theme::builtin(name).unwrap().at(depth);
            for (face, face_name, _) in NAMES {
                let style = theme.style(face);
                for colour in [style.fg, style.bg].into_iter().flatten() {
                    let fits = match colour {
                        Color::Rgb(..) => false,
                        Color::Indexed(_) => depth == Depth::Indexed,
                        _ => true,
                    };
                    assert!(fits, "{name} at {depth:?}: {face_name} wears {colour:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_selected_stands_out_at_every_depth() {
    for (name, _) in BUILTIN {
        for depth in [Depth::Sixteen, Depth::Indexed, Depth::Full] {
            let theme = Theme::builtin(name).unwrap().at(depth);
            let text = theme.style(Face::Text);
            for face in [Face::Selection, Face::SelectionInactive, Face::ButtonFocus, Face::FieldSelection] {
                let style = theme.style(face);
                let differs =
                    style.bg.is_some_and(|bg| Some(bg) != text.bg) || style.add_modifier != text.add_modifier;
                assert!(differs, "{name} at {depth:?}: {face:?}");
            }
        }
    }
}

#[test]
fn a_theme_says_what_it_is() {
    for (name, text) in BUILTIN {
        let about = about(text);
        assert!(about.ends_with('.') && about.len() > 10 && about.len() < 90, "{name}: {about}");
    }
    assert_eq!(about("[faces]"), "");
}

/// States that have the same sign, or none, are told apart by attributes where there is no colour.
#[test]
fn without_colours_states_differ_by_their_attributes() {
    let mono = Theme::builtin("mono").unwrap();
    for (one, other) in [
        (Face::Selection, Face::Text),
        (Face::SelectionInactive, Face::Text),
        (Face::Selection, Face::SelectionInactive),
        (Face::Error, Face::Warning),
        (Face::Key, Face::KeyDisabled),
        (Face::Key, Face::Disabled),
        (Face::ButtonFocus, Face::Button),
        (Face::Field, Face::Dialog),
        (Face::FieldSelection, Face::FieldFocus),
        (Face::TextEscaped, Face::Text),
        (Face::Message, Face::MessageError),
    ] {
        assert_ne!(mono.style(one), mono.style(other), "{one:?} and {other:?}");
    }
}
