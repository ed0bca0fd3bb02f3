//! The SIDs that stand for an account when it asks.

use crate::accounts::{self, Breadth, Sid};

const EVERYONE: Sid = Sid::from_parts(1, [0]);
const ANONYMOUS: Sid = Sid::from_parts(5, [7]);
const AUTHENTICATED_USERS: Sid = Sid::from_parts(5, [11]);

/// An account and the groups it is in, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(Vec<Sid>);

impl Token {
    /// The account with exactly these groups.
    pub fn exact(account: Sid, groups: impl IntoIterator<Item = Sid>) -> Token {
        Token::of(std::iter::once(account).chain(groups))
    }

    pub(super) fn of(sids: impl Iterator<Item = Sid>) -> Token {
        let mut sids: Vec<Sid> = sids.collect();
        sids.sort_unstable();
        sids.dedup();
        Token(sids)
    }

    /// The account with these groups, and with Everyone and Authenticated Users where every such account is in them.
    pub fn new(account: Sid, groups: impl IntoIterator<Item = Sid>) -> Token {
        Token::exact(account, groups.into_iter().chain(implied(&account)))
    }

    /// The SIDs, in order.
    pub fn sids(&self) -> &[Sid] {
        &self.0
    }

    /// Whether the SID is one of them.
    pub fn has(&self, sid: &Sid) -> bool {
        self.0.binary_search(sid).is_ok()
    }
}

/// The classes that whoever has this SID is in whatever the store says: Everyone, for all but ANONYMOUS LOGON;
/// Authenticated Users, for accounts and ordinary groups, for Users and Domain Users, but not for classes by way of
/// logging on and not for Guests, which hold accounts that did not prove who they are.
pub fn implied(sid: &Sid) -> impl Iterator<Item = Sid> {
    let everyone = ![EVERYONE, ANONYMOUS].contains(sid);
    let authenticated = everyone
        && *sid != AUTHENTICATED_USERS
        && matches!(accounts::standing(sid).breadth, None | Some(Breadth::Anyone));
    [everyone.then_some(EVERYONE), authenticated.then_some(AUTHENTICATED_USERS)].into_iter().flatten()
}

/// The classes that any account is in.
pub fn of_an_account() -> impl Iterator<Item = Sid> {
    [EVERYONE, AUTHENTICATED_USERS].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid(text: &str) -> Sid {
        Sid::parse(text).unwrap()
    }

    #[test]
    fn whoever_asks_is_in_everyone_and_most_are_authenticated() {
        for (who, everyone, authenticated) in [
            ("S-1-5-21-1-2-3-1001", true, true),
            ("S-1-5-32-544", true, true),
            ("S-1-5-32-545", true, true),
            ("S-1-5-21-1-2-3-513", true, true),
            ("S-1-9-1-2-3", true, true),
            ("S-1-5-32-546", true, false),
            ("S-1-5-2", true, false),
            ("S-1-5-7", false, false),
            ("S-1-1-0", true, false),
            ("S-1-5-11", true, true),
        ] {
            let token = Token::new(sid(who), []);
            assert_eq!(
                (token.has(&EVERYONE), token.has(&AUTHENTICATED_USERS)),
                (everyone, authenticated),
                "{who}"
            );
            assert!(Token::exact(sid(who), []).sids().len() == 1);
        }
    }
}
