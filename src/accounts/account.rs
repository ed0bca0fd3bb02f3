//! An account with its name, and why there may be none.

use super::Sid;

/// An account, as Windows or a name map tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub sid: Sid,
    /// `CONTOSO\joe`; what has no domain (`Everyone`) stands alone. It may hold any character.
    pub name: String,
    /// What kind of account.
    pub sort: Sort,
}

/// What kind of account a SID stands for (`SID_NAME_USE` of Windows).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A person's or a service's account.
    User,
    /// A group of a domain.
    Group,
    /// A group of one machine: Windows calls it an alias.
    LocalGroup,
    /// Everyone, SYSTEM and their like.
    WellKnown,
    /// A computer's account.
    Computer,
    /// A domain, or a machine as the domain of its own accounts.
    Domain,
    /// An account that is no more.
    Deleted,
    /// A label or a logon session, which no list of members can hold.
    Label,
    /// Nobody said.
    #[default]
    Untold,
}

impl Sort {
    /// All of them, for reading their words back.
    const ALL: [Sort; 9] = [
        Sort::User,
        Sort::Group,
        Sort::LocalGroup,
        Sort::WellKnown,
        Sort::Computer,
        Sort::Domain,
        Sort::Deleted,
        Sort::Label,
        Sort::Untold,
    ];

    /// `user`, `local group` …; empty where nobody said.
    pub const fn word(self) -> &'static str {
        match self {
            Sort::User => "user",
            Sort::Group => "group",
            Sort::LocalGroup => "local group",
            Sort::WellKnown => "well-known group",
            Sort::Computer => "computer",
            Sort::Domain => "domain",
            Sort::Deleted => "deleted account",
            Sort::Label => "label",
            Sort::Untold => "",
        }
    }

    /// What a word of [`Sort::word`] means; any other word says nothing.
    pub fn of_word(word: &str) -> Sort {
        Sort::ALL.into_iter().find(|sort| sort.word().eq_ignore_ascii_case(word)).unwrap_or_default()
    }

    /// Why it can be no member, as a phrase that follows "it is".
    pub const fn never_a_member(self) -> Option<&'static str> {
        match self {
            Sort::Domain => Some("a domain or a computer, not an account of it"),
            Sort::Deleted => Some("an account that was deleted"),
            Sort::Label => Some("a label, not an account"),
            _ => None,
        }
    }
}

/// What can be asked of a machine about accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Who has this SID. One account answers.
    Sid(Sid),
    /// Who has this name: `DOMAIN\user`, `user@domain`, `.\user`, `BUILTIN\Administrators`, `user`. One account answers.
    Name(String),
    /// Users and groups of the machine itself, at most [`MOST_LOCAL`] of each.
    Local,
}

impl Question {
    /// The domain that it is about, as far as it tells: what does not answer once is not waited for again.
    pub fn domain(&self) -> Option<String> {
        match self {
            Question::Sid(sid) => sid.parent().map(|domain| domain.to_string()),
            Question::Name(name) => match (name.split_once('\\'), name.rsplit_once('@')) {
                (Some((domain, _)), _) | (None, Some((_, domain))) => Some(domain.to_lowercase()),
                (None, None) => None,
            },
            Question::Local => None,
        }
    }
}

/// So many users, and so many groups, of a machine are listed. A domain controller has those of its domain.
pub const MOST_LOCAL: usize = 1000;

/// What is answered: the accounts, or why there are none.
pub type Reply = Result<Vec<Account>, Unnamed>;

/// Why a SID has no name here, or a name no SID. Each is a phrase that follows the SID or the name and a colon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unnamed {
    /// This is no Windows machine.
    #[error(
        "this is no Windows machine, so there is nobody to ask who that is; give the SID, or a name map (--names)"
    )]
    NobodyToAsk,
    /// Windows knows neither the account nor whose it was.
    #[error("unknown here")]
    Unknown,
    /// The account was deleted; its SID is kept where it had been used.
    #[error("deleted")]
    Deleted,
    /// Whoever would know did not answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// Asking failed; what Windows said.
    #[error("{0}")]
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_read_back_from_its_word() {
        for sort in Sort::ALL {
            assert_eq!(Sort::of_word(sort.word()), sort);
        }
        assert_eq!(Sort::of_word("wizard"), Sort::Untold);
    }

    #[test]
    fn a_question_tells_whom_it_waits_for() {
        let domain = |question: Question| question.domain();
        let sid = Sid::parse("S-1-5-21-1-2-3-1104").unwrap();
        assert_eq!(domain(Question::Sid(sid)).as_deref(), Some("S-1-5-21-1-2-3"));
        assert_eq!(domain(Question::Name("CONTOSO\\joe".to_owned())).as_deref(), Some("contoso"));
        assert_eq!(domain(Question::Name("joe@contoso.com".to_owned())).as_deref(), Some("contoso.com"));
        assert_eq!(domain(Question::Name("joe".to_owned())), None);
    }
}
