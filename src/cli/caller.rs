//! Who runs the program, as Windows would tell an access check; elsewhere nobody that a store could name.

use crate::accounts::Sid;

/// The SIDs of the account that runs the program, the account itself first, and of its groups; none where they are not
/// known. On Windows `whoami`, which every version since Server 2003 has, is asked once.
pub fn sids() -> Vec<Sid> {
    if !cfg!(windows) {
        return Vec::new();
    }
    let listed = |what: &str| {
        std::process::Command::new("whoami")
            .args([what, "/fo", "csv", "/nh"])
            .output()
            .ok()
            .map(|output| output.stdout)
    };
    // Which page the names are in does not matter: a SID is ASCII.
    let texts = ["/user", "/groups"].into_iter().filter_map(listed);
    texts.flat_map(|bytes| in_csv(&String::from_utf8_lossy(&bytes))).collect()
}

/// The SIDs among the fields of quoted CSV, in order.
fn in_csv(text: &str) -> Vec<Sid> {
    text.split(['"', ',', '\n', '\r']).filter_map(|field| Sid::parse(field.trim()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_are_found_among_names_in_any_language() {
        let text = "\"contoso\\joe\",\"S-1-5-21-1-2-3-1002\"\r\n\"Jeder\",\"Bekannte Gruppe\",\"S-1-1-0\",\"Verbindliche \
                    Gruppe, Standardm\u{FFFD}\u{FFFD}ig aktiviert\"\r\n\"VORDEFINIERT\\Administratoren\",\"Alias\",\
                    \"S-1-5-32-544\",\"\"\r\n";
        let found: Vec<String> = in_csv(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["S-1-5-21-1-2-3-1002", "S-1-1-0", "S-1-5-32-544"]);
        assert!(in_csv("whoami: unknown option").is_empty());
    }

    #[cfg(not(windows))]
    #[test]
    fn elsewhere_nobody_is_known() {
        assert!(sids().is_empty());
    }
}
