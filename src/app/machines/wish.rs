//! Where a machine is to go, as a line of the recovery journal.

use std::fmt;

use uuid::Uuid;

use crate::hyperv::inventory::guid_text;
use crate::store::{quote, split};

/// The first word of the line.
const VERB: &str = "vm";

/// Where a machine is to go: `vm GUID NAME --from SCOPE --to SCOPE`. An empty scope is the default scope; without
/// `--from` the host does not say, without `--to` nobody has moved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The machine.
    pub guid: Uuid,
    /// Its name.
    pub name: String,
    /// Where the host has it.
    pub from: Option<String>,
    /// Where it is to go.
    pub to: Option<String>,
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERB} {} {}", guid_text(self.guid), quote(&self.name))?;
        for (option, scope) in [("--from", &self.from), ("--to", &self.to)] {
            if let Some(scope) = scope {
                write!(f, " {option} {}", quote(scope))?;
            }
        }
        Ok(())
    }
}

impl Wish {
    /// Parts the lines of a step: those about machines, and the changes of the change language.
    ///
    /// # Errors
    /// A line about a machine that says something else.
    pub fn part(lines: &[String]) -> Result<(Vec<Wish>, Vec<String>), String> {
        let (mut wishes, mut changes) = (Vec::new(), Vec::new());
        for line in lines {
            if line.split(' ').next() == Some(VERB) {
                wishes.push(Wish::parse(line).ok_or_else(|| format!("\"{line}\" is not understood"))?);
            } else {
                changes.push(line.clone());
            }
        }
        Ok((wishes, changes))
    }

    fn parse(line: &str) -> Option<Wish> {
        let mut words = split(line).ok()?.into_iter().skip(1);
        let guid = Uuid::try_parse(&words.next()?).ok()?;
        let name = words.next()?;
        let mut wish = Wish { guid, name, from: None, to: None };
        while let Some(option) = words.next() {
            let scope = words.next();
            match option.as_str() {
                "--from" => wish.from = Some(scope?),
                "--to" => wish.to = Some(scope?),
                _ => return None,
            }
        }
        Some(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_says_the_wish(
            guid in any::<u128>(),
            name in any::<String>(),
            from in any::<Option<String>>(),
            to in any::<Option<String>>(),
        ) {
            let wish = Wish { guid: Uuid::from_u128(guid), name, from, to };
            let line = wish.to_string();
            prop_assert!(!line.contains('\n'));
            let change = "create scope 'vm '".to_owned();
            prop_assert_eq!(Wish::part(&[line, change.clone()]), Ok((vec![wish], vec![change])));
        }
    }

    #[test]
    fn another_line_is_refused() {
        for line in [
            "vm",
            "vm x",
            "vm 00000000-0000-0000-0000-000000000001",
            "vm 00000000-0000-0000-0000-000000000001 n --to",
        ] {
            assert!(Wish::part(&[line.to_owned()]).is_err(), "{line}");
        }
    }
}
