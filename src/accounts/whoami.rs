//! Who somebody is, as Windows prints it: what `whoami /all` and `whoami /groups` write, in any of their formats and
//! languages, and plain lists of SIDs.

use super::{Sid, never_a_member};

/// What stood in a text about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The account itself; `None` where only groups were listed.
    pub account: Option<Sid>,
    /// The groups it is in.
    pub groups: Vec<Sid>,
    /// Groups that Windows marks as there to deny only: what an administrator is in who did not elevate. They grant
    /// nothing.
    pub deny_only: Vec<Sid>,
}

/// Reads every SID in the text. The account is the first one if nothing is said of it; `whoami` says attributes of
/// groups, beside the SID or in the line below it, and none of the user. What can never be a member (integrity levels,
/// logon sessions) is left out. Of the attributes only the English ones are understood.
pub fn read_pasted(text: &str) -> Pasted {
    let found = sids(text);
    let ends = found.iter().skip(1).map(|(start, ..)| *start).chain([text.len()]);
    let mut pasted = Pasted::default();
    for (number, ((_, end, sid), next)) in found.iter().zip(ends).enumerate() {
        let said = attributes(text.get(*end..next).unwrap_or_default());
        if number == 0 && said.is_empty() {
            pasted.account = Some(*sid);
        } else if never_a_member(sid).is_some() || pasted.groups.contains(sid) {
        } else if said.to_ascii_lowercase().contains("deny only") {
            pasted.deny_only.push(*sid);
        } else {
            pasted.groups.push(*sid);
        }
    }
    pasted
}

/// Every SID with the bytes it stands in.
fn sids(text: &str) -> Vec<(usize, usize, Sid)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !is_part(c)) {
        let bare = word.trim_end_matches(|c: char| !is_part(c));
        if let Ok(sid) = Sid::parse(bare) {
            found.push((at, at + bare.len(), sid));
        }
        at += word.len();
    }
    found
}

/// What is said of a SID by the text up to the next one: the rest of its line, or the line of attributes below it.
fn attributes(after: &str) -> &str {
    let mut lines = after.lines();
    let rest = lines.next().unwrap_or_default();
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "\",;".contains(c));
    if !rest.is_empty() {
        return rest;
    }
    let below = lines.next().unwrap_or_default();
    below.split_once(':').map_or("", |(_, said)| said.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
USER INFORMATION
----------------

User Name   SID
=========== =============================================
contoso\\joe S-1-5-21-2043718305-1-2-1002


GROUP INFORMATION
-----------------

Group Name                             Type             SID          Attributes
====================================== ================ ============ ==================================================
Everyone                               Well-known group S-1-1-0      Mandatory group, Enabled by default, Enabled group
BUILTIN\\Administrators                 Alias            S-1-5-32-544 Group used for deny only
BUILTIN\\Hyper-V Administrators         Alias            S-1-5-32-578 Mandatory group, Enabled by default, Enabled group
NT AUTHORITY\\Authenticated Users       Well-known group S-1-5-11     Mandatory group, Enabled by default, Enabled group
Mandatory Label\\Medium Mandatory Level Label            S-1-16-8192
";

    fn shown(sids: &[Sid]) -> Vec<String> {
        sids.iter().map(Sid::to_string).collect()
    }

    #[test]
    fn all_of_whoami_is_an_account_and_its_groups() {
        let pasted = read_pasted(TABLE);
        assert_eq!(
            pasted.account.map(|sid| sid.to_string()).as_deref(),
            Some("S-1-5-21-2043718305-1-2-1002")
        );
        assert_eq!(shown(&pasted.groups), ["S-1-1-0", "S-1-5-32-578", "S-1-5-11"]);
        assert_eq!(shown(&pasted.deny_only), ["S-1-5-32-544"]);
    }

    #[test]
    fn groups_alone_have_no_account() {
        let groups = TABLE.split_once("GROUP INFORMATION").unwrap().1;
        let pasted = read_pasted(groups);
        assert_eq!(pasted.account, None);
        assert_eq!(shown(&pasted.groups), ["S-1-1-0", "S-1-5-32-578", "S-1-5-11"]);
    }

    #[test]
    fn other_formats_and_plain_lists_are_read_too() {
        let csv = "\"User Name\",\"SID\"\r\n\"contoso\\joe\",\"S-1-5-21-1-2-3-1002\"\r\n\r\n\"Group Name\",\"Type\",\"SID\",\"Attributes\"\r\n\"BUILTIN\\Administrators\",\"Alias\",\"S-1-5-32-544\",\"Group used for deny only\"\r\n\"BUILTIN\\Users\",\"Alias\",\"S-1-5-32-545\",\"Mandatory group\"\r\n";
        let list = "User Name: contoso\\joe\nSID:       S-1-5-21-1-2-3-1002\n\nGroup Name: BUILTIN\\Administrators\nType:       Alias\nSID:        S-1-5-32-544\nAttributes: Group used for deny only\n\nGroup Name: BUILTIN\\Users\nType: Alias\nSID:        S-1-5-32-545\nAttributes: Mandatory group\n";
        for text in [csv, list] {
            let pasted = read_pasted(text);
            assert_eq!(pasted.account.map(|sid| sid.to_string()).as_deref(), Some("S-1-5-21-1-2-3-1002"));
            assert_eq!(shown(&pasted.groups), ["S-1-5-32-545"], "{text}");
            assert_eq!(shown(&pasted.deny_only), ["S-1-5-32-544"], "{text}");
        }
        let plain = read_pasted("S-1-5-21-1-2-3-1002\nS-1-5-32-544\nS-1-5-32-544");
        assert_eq!(plain.account.map(|sid| sid.to_string()).as_deref(), Some("S-1-5-21-1-2-3-1002"));
        assert_eq!(shown(&plain.groups), ["S-1-5-32-544"]);
        assert_eq!(read_pasted("nothing of the kind: S-1-, xS-1-5-18"), Pasted::default());
    }
}
