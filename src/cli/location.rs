//! What a `STORE` argument names: a path, an `AzMan` URL, standard input, or the live store.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Where a store is, as the command line named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file on this machine.
    Path(PathBuf),
    /// Standard input: `-`.
    Stdin,
    /// The store that this host's registry names: `live`.
    Live,
}

/// Why a `STORE` argument names no store that azedit could read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Active Directory and SQL Server stores are not files.
    #[error("{0} stores are not files: azedit edits XML stores (msxml://…, or a path)")]
    NotXml(&'static str),
    /// The documentation of `IAzAuthorizationStore::Initialize` allows no relative path in a URL.
    #[error(
        "an msxml:// URL needs a whole path, such as msxml://C:\\folder\\store.xml; give a relative path without msxml://"
    )]
    Relative,
    /// `%XX` escapes that are not UTF-8.
    #[error("the %XX escapes of this URL are not UTF-8")]
    Escapes,
    /// A drive or a share, named on a system that has neither.
    #[error("{0} is a place on a Windows host; copy the store here and give its path")]
    OtherSystem(String),
}

/// Reads a `STORE` argument. `live` and `-` are words, not files: `./live` names a file of that name.
pub fn locate(argument: &OsStr) -> Result<Location, LocationError> {
    let Some(text) = argument.to_str() else {
        return Ok(Location::Path(argument.into()));
    };
    match text {
        "-" => return Ok(Location::Stdin),
        "live" => return Ok(Location::Live),
        _ => {}
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(Location::Path(text.into()));
    };
    if scheme.eq_ignore_ascii_case("msldap") {
        return Err(LocationError::NotXml("Active Directory"));
    }
    if scheme.eq_ignore_ascii_case("mssql") {
        return Err(LocationError::NotXml("SQL Server"));
    }
    if !scheme.eq_ignore_ascii_case("msxml") {
        return Ok(Location::Path(text.into()));
    }
    match url_path(rest)? {
        UrlPath::Windows(path) if !cfg!(windows) => Err(LocationError::OtherSystem(path)),
        UrlPath::Windows(path) | UrlPath::Unix(path) => Ok(Location::Path(path.into())),
    }
}

/// The file that a URL of the registry names; `None` = it is in a directory or a database, or the URL is wrong.
pub fn file_of_url(url: &str) -> Option<PathBuf> {
    match locate(OsStr::new(url)) {
        Ok(Location::Path(path)) => Some(path),
        _ => None,
    }
}

/// The path that an `msxml://` URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum UrlPath {
    /// `C:\folder\store.xml` or `\\server\share\store.xml`, with backslashes throughout.
    Windows(String),
    /// `/folder/store.xml`: not an `AzMan` form, but what the form means where paths begin with `/`.
    Unix(String),
}

/// What stands behind `msxml://`: a drive letter with `:` or `|`, or a share; either slash; `%XX` escapes.
/// The forms are those of `IAzAuthorizationStore::Initialize`, and `/C:/…` as in a `file:///C:/…` URL.
fn url_path(rest: &str) -> Result<UrlPath, LocationError> {
    let decoded = percent_decoded(rest)?;
    let slashed = decoded.replace('\\', "/");
    let bare = slashed.strip_prefix('/').unwrap_or(&slashed);
    if let Some((drive, tail)) = drive(bare) {
        return Ok(UrlPath::Windows(format!("{drive}:{}", tail.replace('/', "\\"))));
    }
    if slashed.starts_with("//") {
        return Ok(UrlPath::Windows(slashed.replace('/', "\\")));
    }
    if decoded.starts_with('/') {
        return Ok(UrlPath::Unix(decoded));
    }
    Err(LocationError::Relative)
}

/// Splits `c:/rest` or `c|/rest` into the letter (in upper case) and `/rest`.
fn drive(path: &str) -> Option<(char, &str)> {
    let letter = path.chars().next().filter(char::is_ascii_alphabetic)?;
    let tail = path.get(1..)?.strip_prefix([':', '|'])?;
    tail.starts_with('/').then(|| (letter.to_ascii_uppercase(), tail))
}

/// Replaces `%XX` by the byte it stands for. A `%` without two hexadecimal digits is itself: a file may have one
/// in its name, and nothing says that such a URL is wrong.
fn percent_decoded(text: &str) -> Result<String, LocationError> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'%').then(|| hex_byte(bytes.get(at + 1..at + 3)?)).flatten();
        decoded.push(escape.unwrap_or(byte));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).map_err(|_| LocationError::Escapes)
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let &[high, low] = digits else { return None };
    u8::try_from(value(high)? * 16 + value(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(rest: &str) -> String {
        match url_path(rest) {
            Ok(UrlPath::Windows(path)) => path,
            other => panic!("{rest}: {other:?}"),
        }
    }

    #[test]
    fn documented_url_forms() {
        assert_eq!(windows("C:\\ProgramData\\a.xml"), "C:\\ProgramData\\a.xml");
        assert_eq!(windows("c:/abc/test.xml"), "C:\\abc\\test.xml");
        assert_eq!(windows("d|/dir/abc.xml"), "D:\\dir\\abc.xml");
        assert_eq!(windows("\\\\server\\share\\abc.xml"), "\\\\server\\share\\abc.xml");
        assert_eq!(windows("//server/share/abc.xml"), "\\\\server\\share\\abc.xml");
        assert_eq!(
            windows("c:/Documents%20and%20Settings/test%2exml"),
            "C:\\Documents and Settings\\test.xml"
        );
        assert_eq!(windows("/C:/dir/abc.xml"), "C:\\dir\\abc.xml");
        assert_eq!(windows("c%3A%5Cdir%5cabc.xml"), "C:\\dir\\abc.xml");
    }

    #[test]
    fn escapes_are_utf8_and_a_lone_percent_is_itself() {
        assert_eq!(windows("c:/%C3%BCber.xml"), "C:\\über.xml");
        assert_eq!(windows("c:/100%.xml"), "C:\\100%.xml");
        assert_eq!(windows("c:/100%2"), "C:\\100%2");
        assert_eq!(windows("c:/%zz%41"), "C:\\%zzA");
        assert_eq!(url_path("c:/%FF.xml"), Err(LocationError::Escapes));
    }

    #[test]
    fn urls_without_a_whole_path_are_refused() {
        for rest in ["", "abc.xml", "dir/abc.xml", "c:abc.xml", "..\\abc.xml"] {
            assert_eq!(url_path(rest), Err(LocationError::Relative), "{rest}");
        }
    }

    #[test]
    fn words_paths_and_other_schemes() {
        let locate = |text: &str| locate(OsStr::new(text));
        assert_eq!(locate("-"), Ok(Location::Stdin));
        assert_eq!(locate("live"), Ok(Location::Live));
        assert_eq!(locate("./live"), Ok(Location::Path("./live".into())));
        assert_eq!(locate("a b.xml"), Ok(Location::Path("a b.xml".into())));
        assert_eq!(locate("odd://name"), Ok(Location::Path("odd://name".into())));
        assert_eq!(locate("msldap://server/CN=x"), Err(LocationError::NotXml("Active Directory")));
        assert_eq!(locate("MSSQL://Driver={x}/db/s"), Err(LocationError::NotXml("SQL Server")));
    }

    #[cfg(not(windows))]
    #[test]
    fn a_url_of_another_system_says_so() {
        let locate = |text: &str| locate(OsStr::new(text));
        assert_eq!(locate("msxml://c:/a.xml"), Err(LocationError::OtherSystem("C:\\a.xml".into())));
        assert_eq!(locate("MsXml:///srv/a%20b.xml"), Ok(Location::Path("/srv/a b.xml".into())));
    }
}
