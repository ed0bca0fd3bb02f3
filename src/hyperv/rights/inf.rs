//! Reading a security template: what `secedit /export` writes, and the `GptTmpl.inf` of a group policy object
//! ([MS-GPSB] 2.2).

use std::fmt;

use super::strings::{Section, Strings};
use crate::accounts::{self, Sid};
use crate::hyperv::encoding::decode;

/// Whom a right is granted to, as one line of a template says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A SID, or a name that is the same on every host.
    Sid(Sid),
    /// A name that only some host or domain knows.
    Name(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::Sid(sid) => sid.fmt(f),
            Holder::Name(name) => f.write_str(name),
        }
    }
}

impl Holder {
    /// Reads `*S-1-5-83-0`, `S-1-5-83-0` or a name.
    fn read(text: &str) -> Holder {
        let bare = text.strip_prefix('*').unwrap_or(text).trim();
        match Sid::parse(bare).ok().or_else(|| accounts::resolve(bare)) {
            Some(sid) => Holder::Sid(sid),
            None => Holder::Name(bare.to_owned()),
        }
    }
}

/// One line of `[Privilege Rights]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `SeServiceLogonRight` … as it is written.
    pub right: String,
    /// Who holds it.
    pub holders: Vec<Holder>,
}

/// The part of a security template that is about rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The lines of `[Privilege Rights]`, in the order of the file.
    pub lines: Vec<Line>,
}

/// It is text, but no security template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a security template: it has none of the sections [Unicode], [Version] and [Privilege Rights]")]
pub struct NotATemplate;

impl Template {
    /// Reads a template: UTF-16 with or without a mark, UTF-8, or the ANSI text that editors make of it.
    ///
    /// # Errors
    /// [`NotATemplate`].
    pub fn read(bytes: &[u8]) -> Result<Template, NotATemplate> {
        let text = decode(bytes);
        let (mut strings, mut rights) = (Strings::default(), Vec::new());
        let (mut is_template, mut in_rights, mut in_strings) = (false, false, None);
        let lines = lines(&text);
        for line in &lines {
            let line = line.trim();
            if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                let is = |name: &str| section.trim().eq_ignore_ascii_case(name);
                in_rights = is("Privilege Rights");
                in_strings = Section::of(section.trim());
                is_template |= in_rights || is("Unicode") || is("Version");
            } else if let Some((name, value)) = line.split_once('=') {
                match in_strings {
                    Some(section) => strings.add(section, name, value),
                    None if in_rights => rights.push((name, value)),
                    None => {}
                }
            }
        }
        // They stand in any order, mostly at the end. A comma that comes out of them divides nothing.
        let filled = |(right, holders): (&str, &str)| Line {
            right: strings.fill(unquoted(right)).into_owned(),
            holders: split(holders).map(|holder| Holder::read(&strings.fill(holder))).collect(),
        };
        let lines = rights.into_iter().map(filled).collect();
        if is_template { Ok(Template { lines }) } else { Err(NotATemplate) }
    }

    /// The lines about one right; names of rights are the same in upper and lower case.
    pub fn lines_of<'t>(&'t self, right: &'t str) -> impl Iterator<Item = &'t Line> {
        self.lines.iter().filter(move |line| line.right.eq_ignore_ascii_case(right))
    }
}

/// The lines as INF files have them: what follows a semicolon is a comment, and a backslash at the end joins a line to
/// the next; neither within double quotes. Lines end as on any system.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut joined = String::new();
    for line in text.replace("\r\n", "\n").split(['\r', '\n']) {
        let mut quoted = false;
        let comment = line.find(|c| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let said = line.get(..comment.unwrap_or(line.len())).unwrap_or_default().trim_end();
        if let Some(begin) = said.strip_suffix('\\').filter(|_| !quoted) {
            joined.push_str(begin);
            continue;
        }
        joined.push_str(said);
        lines.push(std::mem::take(&mut joined));
    }
    lines.push(joined);
    lines
}

/// The members of a list with commas; a comma in double quotes is part of a name.
fn split(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let parts = list.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.map(unquoted).filter(|part| !part.is_empty())
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Synthetic, in the form of [MS-GPSB] 2.2.6.
    const POLICY: &str = "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n\
                          [Privilege Rights]\r\nSeServiceLogonRight = *S-1-5-80-0,CONTOSO\\svc, Guest\r\n";

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_reads_alike() {
        let with_mark = format!("\u{FEFF}{POLICY}");
        let expected = Template::read(POLICY.as_bytes()).unwrap();
        assert_eq!(expected.lines.len(), 1);
        for bytes in [
            with_mark.as_bytes().to_vec(),
            utf16(&with_mark, u16::to_le_bytes),
            utf16(&with_mark, u16::to_be_bytes),
            utf16(POLICY, u16::to_le_bytes),
            utf16(POLICY, u16::to_be_bytes),
        ] {
            assert_eq!(Template::read(&bytes).unwrap(), expected);
        }
        let ansi = POLICY.replace("svc", "M\u{FC}ller");
        let ansi: Vec<u8> = ansi.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let read = Template::read(&ansi).unwrap();
        assert_eq!(read.lines[0].holders[1], Holder::Name("CONTOSO\\M\u{FC}ller".to_owned()));
    }

    #[test]
    fn sids_names_quotes_and_spaces() {
        let text = "[privilege rights]\n ; a comment\n\
                    \"SeServiceLogonRight\" = \"NT VIRTUAL MACHINE\\Virtual Machines\" , *s-1-5-80-0,,\"a, b\",Everyone\n";
        let template = Template::read(text.as_bytes()).unwrap();
        let shown: Vec<_> = template
            .lines_of("seservicelogonright")
            .flat_map(|line| &line.holders)
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["S-1-5-83-0", "S-1-5-80-0", "a, b", "S-1-1-0"]);
    }

    #[test]
    fn comments_joined_lines_and_any_line_end() {
        let holders = |text: &str| -> Vec<String> {
            let template = Template::read(text.as_bytes()).unwrap();
            let lines = template.lines_of("SeServiceLogonRight");
            lines.flat_map(|line| &line.holders).map(ToString::to_string).collect()
        };
        for text in [
            "[Privilege Rights] ; rights\nSeServiceLogonRight = *S-1-5-80-0,*S-1-5-83-0 ; added, *S-1-1-0\n",
            "[Version]\r[Privilege Rights]\rSeServiceLogonRight = *S-1-5-80-0,*S-1-5-83-0\r",
            "[Privilege Rights]\r\nSeServiceLogonRight = *S-1-5-80-0,\\\r\n  *S-1-5-83-0\r\n",
            "[Privilege Rights]\nSeServiceLogonRight = * S-1-5-80-0 , ,*S-1-5-83-0, \\ ; more\n",
            "[Privilege Rights]\n;SeServiceLogonRight = *S-1-1-0\n\tSeServiceLogonRight\t=\t*S-1-5-80-0,S-1-5-83-0",
        ] {
            assert_eq!(holders(text), ["S-1-5-80-0", "S-1-5-83-0"], "{text:?}");
        }
        assert_eq!(holders("[Privilege Rights]\nSeServiceLogonRight = \"a;b\",c\n"), ["a;b", "c"]);
        assert_eq!(holders("[Privilege Rights]\nSeServiceLogonRight = CONTOSO\\svc\n"), ["CONTOSO\\svc"]);
    }

    #[test]
    fn keys_stand_for_their_strings() {
        let holders = |text: &str| -> Vec<String> {
            let template = Template::read(text.as_bytes()).unwrap();
            let lines = template.lines_of("SeServiceLogonRight");
            lines.flat_map(|line| &line.holders).map(ToString::to_string).collect()
        };
        let rights = "[Privilege Rights]\nSeServiceLogonRight = %VMs%, *%Services% ,\"%Both%\",CONTOSO\\%svc%,%gone%,%%x\n";
        let strings = "[Strings] ; names\nvms=\"NT VIRTUAL MACHINE\\Virtual Machines\"\nServices = S-1-5-80-0\n\
                       Both = \"a, b; c\" ; two\nSVC=Dienst\\\n e\n[Strings.0409]\nSVC=service\n";
        let expected =
            ["S-1-5-83-0", "S-1-5-80-0", "a, b; c", "CONTOSO\\Dienst e", "%gone%", "%x"].map(str::to_owned);
        assert_eq!(holders(&format!("{rights}{strings}")), expected);
        assert_eq!(holders(&format!("{strings}{rights}")), expected, "in any order");
        assert_eq!(holders(&format!("{strings}{rights}").replace('\n', "\r\n")), expected);
        // A right can be meant by a key too, and strings alone are no template.
        let named = "[Strings]\nR=SeServiceLogonRight\n[Privilege Rights]\n%r% = *S-1-1-0\n";
        assert_eq!(holders(named), ["S-1-1-0"]);
        assert_eq!(Template::read(strings.as_bytes()), Err(NotATemplate));
    }

    #[test]
    fn sections_stand_in_any_order_and_rights_only_in_theirs() {
        let text = "[Registry Values]\nSeServiceLogonRight = no\n[Privilege Rights]\nA=\n[Version]\nB=*S-1-1-0\n\
                    [Privilege Rights]\nC = *S-1-1-0\n";
        let template = Template::read(text.as_bytes()).unwrap();
        let rights: Vec<_> =
            template.lines.iter().map(|line| (line.right.as_str(), line.holders.len())).collect();
        assert_eq!(rights, [("A", 0), ("C", 1)]);
    }

    #[test]
    fn what_is_no_template() {
        for text in ["", "Hello", "[Section]\nSeServiceLogonRight = *S-1-5-83-0\n", "<xml/>"] {
            assert_eq!(Template::read(text.as_bytes()), Err(NotATemplate), "{text}");
        }
    }
}
