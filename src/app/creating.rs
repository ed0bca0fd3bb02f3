//! Creating objects, and choosing among a few words.

use crate::store::{Change, Kind, ObjId, limits};

use super::actions::Id;
use super::changes;
use super::dialog::field::accounts_in;
use super::dialog::form::{GROUP_TYPES, group_type};
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::effect::Effect;
use super::enabled::{self, is_developers};
use super::sheet::Prop;
use super::state::App;
use super::tree::Part;
use crate::store::Link;

/// What the create menu offers, with its letter.
const KINDS: [(char, Kind); 7] = [
    ('p', Kind::Application),
    ('s', Kind::Scope),
    ('r', Kind::Role),
    ('t', Kind::Task),
    ('o', Kind::Operation),
    ('a', Kind::Assignment),
    ('g', Kind::Group),
];

/// Asks what to create; stands on what the selection suggests.
pub fn create_menu(app: &mut App, _effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let node = doc.node();
    let possible: Vec<(char, Kind)> =
        KINDS.into_iter().filter(|&(_, kind)| changes::level_for(store, kind, node.object).is_ok()).collect();
    let suggested = match (node.part, store.kind(node.object)) {
        (Part::Definitions, _) => Kind::Role,
        (Part::Object, Kind::Store) => Kind::Application,
        (Part::Object, Kind::Application) => Kind::Scope,
        (Part::Object, Kind::Scope) => Kind::Assignment,
        (Part::Object, kind) => kind,
        (part, _) => part.kind().unwrap_or(Kind::Scope),
    };
    let focus = possible.iter().position(|&(_, kind)| kind == suggested).unwrap_or(0);
    let developers = format!(", in developer mode ({})", app.keys.named(Id::Developer));
    let choices: Vec<Choice> = possible
        .iter()
        .flat_map(|&(key, kind)| {
            let place = changes::level_for(store, kind, node.object).map(|level| place_name(app, level));
            let what = super::editing::capitalised(kind.word());
            let mode = if is_developers(kind) && !app.developer { developers.as_str() } else { "" };
            let label = format!("{what:<18} in {}{mode}", place.unwrap_or_default());
            // As azman.msc does it: tick definitions, and each gets an assignment of its name.
            let ticked = (kind == Kind::Assignment)
                .then(|| Choice::new('d', "  of each definition that is ticked", Answer::AssignRoles));
            std::iter::once(Choice::new(key, label, Answer::Create(kind))).chain(ticked)
        })
        .collect();
    let mut choices = choices;
    if super::recipes::can_use(app).is_ok() {
        choices.push(Choice::new('+', "Recipe…            for Hyper-V", Answer::Recipes));
    }
    app.dialogs.push(Dialog::Confirm(Confirm::menu("Create", Vec::new(), choices, focus)));
}

fn place_name(app: &App, level: ObjId) -> String {
    app.doc().map_or_else(String::new, |doc| match doc.store().kind(level) {
        Kind::Store => doc.title(),
        _ => doc.store().name(level).into_owned(),
    })
}

/// Opens the form for a new object.
pub fn create(app: &mut App, kind: Kind) {
    if let Err(why) = enabled::create(app, kind) {
        return app.object(why);
    }
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let parent = match changes::level_for(store, kind, doc.node().object) {
        Ok(parent) => parent,
        Err(why) => return app.object(why),
    };
    let mut fields = vec![Field::line("Name", "", Rule::Name(kind, parent), "")];
    if kind == Kind::Operation {
        fields.push(Field::line(
            "Number",
            "",
            Rule::OperationId(parent),
            "What the application asks for: its own documentation lists the numbers.",
        ));
    }
    if kind == Kind::Group {
        // Schema 1.0 knows no business rule groups.
        let types = if store.is_schema_2() { GROUP_TYPES } else { GROUP_TYPES.get(..2).unwrap_or_default() };
        fields.push(Field::choice("Type", types, 0, "Left and Right choose."));
        fields.push(Field::line("LDAP query", "", Rule::Query, "Only for an LDAP query group."));
    }
    if kind == Kind::Application {
        fields.push(Field::line("Version", "", Rule::Text("A version", limits::MAX_VERSION), ""));
    }
    fields.push(Field::line("Description", "", Rule::Text("A description", limits::MAX_DESCRIPTION), ""));
    if kind == Kind::Assignment {
        fields.push(Field::line(
            "Members",
            "",
            Rule::Accounts,
            "SIDs or names, separated by commas; F4 lists accounts. They can be added later too.",
        ));
        fields.push(Field::line(
            "Roles",
            "",
            Rule::Roles(parent),
            "Names of role definitions with commas; they can be ticked later too.",
        ));
    }
    let title = format!("Create {kind}");
    let intro = format!("In {}.", place_name(app, parent));
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::Create(kind, parent), "Create", fields)));
}

/// The change that a filled-in form for a new object stands for, and its label.
pub fn from_form(app: &App, form: &Form, kind: Kind, parent: ObjId) -> Result<(Change, String), String> {
    let doc = enabled::doc(app)?;
    let name = form.value("Name");
    let mut create = changes::create(doc.store(), kind, parent, &name, (app.new_guid)())?;
    create.description = Some(form.value("Description")).filter(|text| !text.is_empty());
    create.version = Some(form.value("Version")).filter(|text| !text.is_empty());
    create.id = limits::parse_operation_id(&form.value("Number"));
    if kind == Kind::Group {
        create.group_type = Some(group_type(&form.value("Type")));
        create.query = Some(form.value("LDAP query")).filter(|text| !text.is_empty());
    }
    create.links = super::assigning::definitions_in(doc.store(), parent, &form.value("Roles"))?;
    create.links.extend(accounts_in(&form.value("Members"), &app.names)?.into_iter().map(Link::Member));
    Ok((Change::Create(create), format!("create {kind} \"{name}\"")))
}

/// Opens the form for an attribute that AzMan does not name.
pub fn add_attribute(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let Some(object) = doc.selected() else { return };
    let kind = doc.store().kind(object);
    let fields = vec![
        Field::line(
            "Name",
            "",
            Rule::AttributeName(kind),
            "As it stands in the file, upper and lower case too.",
        ),
        Field::line("Value", "", Rule::Free, "As it stands in the file, without its quotes."),
    ];
    let title = super::editing::capitalised(&changes::label("add an attribute to", doc.store(), object));
    let intro = "For settings that only another program knows how to spell.".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::AddAttribute(object), "Add", fields)));
}

/// The change that the filled-in form for an attribute stands for, and its label.
pub fn attribute_from_form(app: &App, form: &Form, object: ObjId) -> Result<(Change, String), String> {
    let store = enabled::doc(app)?.store();
    let name = form.value("Name");
    if store.attribute(object, &name).is_some() {
        return Err(format!("{name} is there already: Enter on its line edits it."));
    }
    let label = changes::label(&format!("add attribute {name} to"), store, object);
    let named = changes::object(store, object)?;
    Ok((Change::SetAttribute(named, name, Some(form.value("Value"))), label))
}

/// Asks for a group's type.
pub fn choose_type(app: &mut App, object: ObjId) {
    let words = [('b', "Basic", "basic"), ('l', "LDAP query", "ldap"), ('r', "Business rule", "rule")];
    let is_schema_2 = app.doc().is_some_and(|doc| doc.store().is_schema_2());
    let possible = if is_schema_2 { &words } else { words.get(..2).unwrap_or_default() };
    choose(app, object, Prop::Type, "Type of the group", possible);
}

/// Asks for a rule's language.
pub fn choose_language(app: &mut App, object: ObjId) {
    let words = [('v', "VBScript", "VBScript"), ('j', "JScript", "JScript"), ('n', "None", "")];
    choose(app, object, Prop::RuleLanguage, "Language of the rule", &words);
}

fn choose(app: &mut App, object: ObjId, prop: Prop, title: &str, words: &[(char, &str, &str)]) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let label = changes::label(&format!("set {} of", prop.label().to_lowercase()), store, object);
    let choices: Result<Vec<Choice>, String> = words
        .iter()
        .map(|&(key, shown, word)| {
            let changes = vec![changes::set(store, object, prop, word)?];
            Ok(Choice::new(key, shown, Answer::Apply { label: label.clone(), changes }))
        })
        .collect();
    match choices {
        Ok(choices) => app.dialogs.push(Dialog::Confirm(Confirm::menu(title, Vec::new(), choices, 0))),
        Err(why) => app.object(why),
    }
}
