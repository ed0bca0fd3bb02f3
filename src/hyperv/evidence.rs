//! What the configuration file of a virtual machine says about it, as Server 2008 to 2012 R2 keep one: XML, mostly UTF-16.
//!
//! Only looked at, never written: the management service holds the machines and writes these files. No source says where
//! a scope stands in them, so whatever is called a scope is given with its path, as evidence and not as fact. The paths of
//! name and GUID are those of a published file of the time of 2012 R2.

use uuid::Uuid;

use crate::xml::{Document, Error, Event, Reader, text_value};

/// A leaf that is called a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLeaf {
    /// Where it stands: `/configuration/…/AuthorizationScope`.
    pub path: String,
    /// What it says; mostly nothing.
    pub value: String,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The machine's GUID, from `properties/global_id`.
    pub guid: Option<Uuid>,
    /// Its name, from `properties/name`.
    pub name: Option<String>,
    /// Every leaf whose name has `scope` in it, in the order of the file.
    pub scopes: Vec<ScopeLeaf>,
}

/// Why a file says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAConfiguration {
    /// The binary format of later hosts.
    #[error(
        "a configuration in Microsoft's binary format (VMCX) of Server 2016 and later: such a host knows no authorization \
         scopes, so there is nothing about them in it"
    )]
    Binary,
    /// Not XML as a strict parser reads it.
    #[error("{0}")]
    Malformed(#[from] Error),
    /// XML that begins with another element.
    #[error("not the configuration of a virtual machine: its root is <{0}>, not <configuration>")]
    Other(String),
}

/// Reads a configuration file.
///
/// # Errors
/// [`NotAConfiguration`].
pub fn read(bytes: Vec<u8>) -> Result<Evidence, NotAConfiguration> {
    let document = Document::decode(bytes)?;
    let mut reader = Reader::new(&document);
    let mut evidence = Evidence::default();
    // The names of the open elements, the text of the innermost, and whether it is a leaf so far.
    let mut open: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut is_leaf = false;
    while let Some(event) = reader.next()? {
        match event {
            Event::Start { name, empty, .. } => {
                if open.is_empty() && name != "configuration" {
                    return Err(NotAConfiguration::Other(name.to_owned()));
                }
                open.push(name);
                text.clear();
                is_leaf = true;
                if empty {
                    evidence.leaf(&open, "");
                    open.pop();
                    is_leaf = false;
                }
            }
            Event::Text { span, .. } => text.push_str(&text_value(document.get(span))),
            Event::End { .. } => {
                if is_leaf {
                    evidence.leaf(&open, &text);
                }
                open.pop();
                is_leaf = false;
            }
            Event::Misc { .. } => {}
        }
    }
    Ok(evidence)
}

impl Evidence {
    fn leaf(&mut self, path: &[&str], value: &str) {
        match path {
            ["configuration", "properties", "global_id"] => {
                self.guid = self.guid.or_else(|| Uuid::try_parse(value.trim()).ok());
            }
            ["configuration", "properties", "name"] => {
                self.name.get_or_insert_with(|| value.to_owned());
            }
            [.., name] if name.to_ascii_lowercase().contains("scope") => {
                let path = format!("/{}", path.join("/"));
                self.scopes.push(ScopeLeaf { path, value: value.to_owned() });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Synthetic, in the form of a published file.
    const CONFIG: &str = "<?xml version=\"1.0\" encoding=\"UTF-16\" standalone=\"yes\"?>\r\n<configuration>\r\n  \
        <_0a0b_><Connection><AuthorizationScope type=\"string\"></AuthorizationScope></Connection></_0a0b_>\r\n  \
        <global_settings><owner><sid type=\"string\">S-1-5-18</sid></owner></global_settings>\r\n  \
        <properties>\r\n    <global_id type=\"string\">E57917F3-31C3-456E-B1BA-5E45B4CC7E0C</global_id>\r\n    \
        <name type=\"string\">Johns &amp; Joes VM</name>\r\n    <made_up_scope type=\"string\">Johns <!-- x --><![CDATA[VM]]> \
        Scope</made_up_scope>\r\n    <scopes><inner/></scopes>\r\n    <version type=\"integer\">1280</version>\r\n  \
        </properties>\r\n</configuration>\r\n";

    fn utf16(text: &str) -> Vec<u8> {
        format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn expected() -> Evidence {
        let leaf = |path: &str, value: &str| ScopeLeaf { path: path.to_owned(), value: value.to_owned() };
        Evidence {
            guid: Some(Uuid::parse_str("E57917F3-31C3-456E-B1BA-5E45B4CC7E0C").unwrap()),
            name: Some("Johns & Joes VM".to_owned()),
            scopes: vec![
                leaf("/configuration/_0a0b_/Connection/AuthorizationScope", ""),
                leaf("/configuration/properties/made_up_scope", "Johns VM Scope"),
            ],
        }
    }

    #[test]
    fn name_guid_and_whatever_is_called_a_scope() {
        assert_eq!(read(utf16(CONFIG)), Ok(expected()));
        assert_eq!(read(CONFIG.replace("UTF-16", "utf-8").into_bytes()), Ok(expected()));
        assert_eq!(read(b"<configuration/>".to_vec()), Ok(Evidence::default()));
    }

    #[test]
    fn what_is_no_configuration_says_where_or_what_it_is() {
        let cut = utf16(&CONFIG.replace("</properties>", ""));
        let error = read(cut).unwrap_err().to_string();
        assert!(error.starts_with("12:1:") && error.contains("</configuration>"), "{error}");
        assert_eq!(
            read(b"<AzAdminManager/>".to_vec()),
            Err(NotAConfiguration::Other("AzAdminManager".to_owned()))
        );
        for bytes in [&b""[..], b"\0\0\0", b"vmcx", b"<configuration>"] {
            assert!(matches!(read(bytes.to_vec()), Err(NotAConfiguration::Malformed(_))), "{bytes:?}");
        }
    }
}
