//! What several test programs share: the test stores, and random changes to them.
#![allow(dead_code)] // Not every test program uses all of it.

use std::path::{Path, PathBuf};

use azedit::check::{Findings, Severity};
use azedit::store::{
    Change, Create, Difference, GroupType, Kind, Level, Link, Name, ObjId, Object, Place, Property, Session,
    Store, What,
};

/// Every store of our own making, and those of the folder that `AZEDIT_CORPUS` names.
pub fn stores() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("tests/stores")];
    folders.extend(std::env::var_os("AZEDIT_CORPUS").map(PathBuf::from));
    let mut paths = vec![root.join("assets/InitialStore.xml")];
    for folder in folders {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        paths
            .extend(entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "xml")));
    }
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect()
}

/// The store of a file that is one.
pub fn open(bytes: &[u8]) -> Store {
    Store::open(bytes.to_vec()).unwrap_or_else(|error| panic!("{error} at {:?}", error.position))
}

/// Makes so many random changes; those that are refused are left out.
pub fn change(session: &mut Session, random: &mut Random, steps: usize) {
    for _ in 0..steps {
        if let Some(change) = random_change(session.store(), random) {
            let _ = session.apply(&[change], "step");
        }
    }
}

/// The file after so many random changes.
pub fn changed(bytes: &[u8], random: &mut Random, steps: usize) -> Vec<u8> {
    let mut session = Session::new(open(bytes));
    change(&mut session, random, steps);
    session.store().rendering().to_bytes()
}

/// What a difference says, without the names that other differences may change.
pub fn key(difference: &Difference) -> String {
    // However a GUID is spelled.
    let plain = |text: &str| text.trim().trim_matches(['{', '}']).to_lowercase();
    let what = match &difference.what {
        What::Moved { .. } => "moved".to_owned(),
        What::Linked { kind, text, .. } => format!("+ {kind:?} {}", plain(text)),
        What::Unlinked { kind, text, .. } => format!("- {kind:?} {}", plain(text)),
        what => format!("{what:?}"),
    };
    format!("{:?} {what}", difference.kind)
}

/// What two lists of findings differ in.
pub fn differing(now: &Findings, anew: &Findings) -> Vec<String> {
    let (now, anew): (Vec<_>, Vec<_>) = (now.all().collect(), anew.all().collect());
    let missing =
        anew.iter().filter(|finding| !now.contains(finding)).map(|finding| format!("missing {finding:?}"));
    let stale =
        now.iter().filter(|finding| !anew.contains(finding)).map(|finding| format!("stale {finding:?}"));
    missing.chain(stale).collect()
}

/// Changes a store at random, back and forth, and holds the findings that are kept up against those `of` the store
/// after each step.
pub fn looking_again_is_looking_anew(of: fn(&Store) -> Findings, bytes: &[u8], seed: u64, steps: usize) {
    let mut random = Random(seed);
    let mut session = Session::new(open(bytes));
    let mut findings = of(session.store());
    for _ in 0..steps {
        let (what, applied) = match random.below(6) {
            0 => ("undo".to_owned(), session.undo()),
            1 => ("redo".to_owned(), session.redo()),
            _ => {
                let Some(change) = random_change(session.store(), &mut random) else { continue };
                (change.to_string(), session.apply(&[change], "step").ok())
            }
        };
        let Some(applied) = applied else { continue };
        findings.update(session.store(), &applied.touched);
        let anew = of(session.store());
        assert_eq!(differing(&findings, &anew), Vec::<String>::new(), "after {what}, seed {seed}");
        assert!(findings.all().eq(anew.all()), "the order after {what}, seed {seed}");
        for severity in Severity::ALL {
            assert_eq!(findings.count(severity), anew.count(severity), "after {what}, seed {seed}");
        }
    }
}

/// A small, well-mixed generator: the tests want the same numbers everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            "Reader",
            "Johns VM Scope",
            "a & b < c > d",
            "two\nlines\r\nand a\ttab",
            "\"quoted\" 'twice'",
            "]]>",
            "Größe 群",
            "http://entlib.com/x?y=1",
            "Dim x\nx = 1 < 2\n",
            "<!-- no comment -->",
            "  padded  ",
        ];
        let mut text = (*self.pick(&texts).unwrap()).to_owned();
        if self.one_in(3) {
            text.push_str(&self.below(1000).to_string());
        }
        text
    }

    fn sid(&mut self) -> String {
        let n = self.below(12);
        if n == 0 { "S-1-5-32-544".into() } else { format!("S-1-5-21-1-2-3-{}", 1000 + n) }
    }
}

/// A change that could be made to the store: most are accepted, some are refused.
#[allow(clippy::too_many_lines, reason = "one arm a kind of change")]
pub fn random_change(store: &Store, random: &mut Random) -> Option<Change> {
    let objects: Vec<ObjId> = store.walk().collect();
    let levels: Vec<ObjId> = objects
        .iter()
        .copied()
        .filter(|&id| matches!(store.kind(id), Kind::Store | Kind::Application | Kind::Scope))
        .collect();
    let object = *random.pick(&objects)?;
    let named = Object::of(store, object);
    let links = |random: &mut Random| -> Vec<Link> {
        let level = if store.kind(object) == Kind::Store { object } else { store.level(object) };
        let mut links = Vec::new();
        for _ in 0..=random.below(3) {
            let link = match random.below(4) {
                0 => Some(Link::Member(random.sid())),
                1 if store.kind(object) == Kind::Group => Some(Link::NonMember(random.sid())),
                _ => random.pick(&objects).and_then(|&target| Link::to(store, level, target)),
            };
            links.extend(link);
        }
        links
    };
    let about = random.below(16);
    if store.kind(object) == Kind::Store && !matches!(about, 0..=3 | 7..=9) {
        return None;
    }
    Some(match about {
        0..=3 => {
            let kinds = [
                Kind::Application,
                Kind::Scope,
                Kind::Operation,
                Kind::Task,
                Kind::Role,
                Kind::Assignment,
                Kind::Group,
            ];
            let kind = *random.pick(&kinds)?;
            let fitting: Vec<ObjId> =
                levels.iter().copied().filter(|&level| kind.belongs_in(store.kind(level))).collect();
            let place = match kind {
                Kind::Application => Place::default(),
                _ => Place::of(store, *random.pick(&fitting)?)?,
            };
            let name =
                format!("{}{}", random.text().replace(['\n', '\r', '\t'], " ").trim(), random.below(50));
            let mut create = Create::new(kind, name, place);
            create.description = random.one_in(2).then(|| random.text());
            create.id = (kind == Kind::Operation).then(|| u32::try_from(random.below(2000)).unwrap());
            if kind == Kind::Group {
                create.group_type = random
                    .pick(&[
                        None,
                        Some(GroupType::Basic),
                        Some(GroupType::LdapQuery),
                        Some(GroupType::BizRule),
                    ])
                    .copied()
                    .flatten();
                create.query = (create.group_type == Some(GroupType::LdapQuery)).then(|| random.text());
            }
            if random.one_in(2) {
                create.links = links(random);
                create.links.retain(|link| match kind {
                    Kind::Assignment => matches!(link, Link::Member(_) | Link::Group(_) | Link::Role(_)),
                    Kind::Role | Kind::Task => matches!(link, Link::Operation(_) | Link::Task(_)),
                    Kind::Group => matches!(link, Link::Member(_) | Link::Group(_)),
                    _ => false,
                });
            }
            Change::Create(create)
        }
        4 | 5 => Change::Delete(named?),
        6 => Change::Rename(named?, random.text().replace(['\n', '\r', '\t'], " ").trim().to_owned()),
        9 if random.one_in(3) => {
            let name =
                (*random.pick(&["ApplicationData", "Limit", "xmlns", "Name", "a:b", "MajorVersion", "x"])?)
                    .to_owned();
            Change::SetAttribute(named?, name, if random.one_in(3) { None } else { Some(random.text()) })
        }
        7..=9 => {
            let known: Vec<Property> = Property::ALL
                .into_iter()
                .filter(|p| p.belongs_to(store.kind(object)) || *p == Property::Rule)
                .collect();
            let property = *random.pick(&known)?;
            let value = match property {
                Property::Id => random.below(3000).to_string(),
                Property::Type => (*random.pick(&["basic", "ldap", "rule"])?).to_owned(),
                Property::Schema => (*random.pick(&["1.0", "2.0", "2", "3.0"])?).to_owned(),
                Property::RuleLanguage => (*random.pick(&["VBScript", "jscript", ""])?).to_owned(),
                _ => random.text(),
            };
            Change::Set(named?, property, value)
        }
        10 | 11 => {
            let links = links(random);
            if links.is_empty() {
                return None;
            }
            Change::Add(named?, links)
        }
        12 | 13 => {
            let leaves: Vec<_> = store.leaves(object).filter_map(|leaf| store.link_of(leaf)).collect();
            Change::Remove(named?, vec![random.pick(&leaves)?.clone()])
        }
        14 => Change::Copy { object: named?, to: None, rename: Some(format!("Copy {}", random.below(100))) },
        _ => {
            let scopes: Vec<ObjId> =
                levels.iter().copied().filter(|&l| store.kind(l) == Kind::Scope).collect();
            let to = match random.pick(&scopes) {
                Some(&scope) if !random.one_in(3) => match Object::of(store, scope)?.name {
                    name @ (Name::Text(_) | Name::Guid(_)) => Level::Scope(name),
                },
                _ => Level::Application,
            };
            if random.one_in(2) {
                Change::Move { object: named?, to }
            } else {
                Change::Copy { object: named?, to: Some(to), rename: None }
            }
        }
    })
}
