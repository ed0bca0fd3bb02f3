//! Where this system wants a program's configuration and its state to be.

use std::path::PathBuf;

/// `~/.config/azedit`, `%APPDATA%\azedit\config`, … `None`: the user has no home folder.
pub fn config_folder() -> Option<PathBuf> {
    platform::config_folder()
}

/// `~/.local/state/azedit`, `%LOCALAPPDATA%\azedit\data`, … `None`: the user has no home folder.
pub(super) fn state_folder() -> Option<PathBuf> {
    platform::state_folder()
}

#[cfg(not(target_vendor = "win7"))]
mod platform {
    use super::PathBuf;
    use directories::ProjectDirs;

    pub(super) fn config_folder() -> Option<PathBuf> {
        Some(ProjectDirs::from("", "", "azedit")?.config_dir().to_owned())
    }

    pub(super) fn state_folder() -> Option<PathBuf> {
        let folders = ProjectDirs::from("", "", "azedit")?;
        Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
    }
}

/// `directories` needs a library that Windows 7 and Server 2008 R2 do not have; the environment says the same.
#[cfg(target_vendor = "win7")]
mod platform {
    use super::PathBuf;

    fn below(variable: &str, name: &str) -> Option<PathBuf> {
        let folder = std::env::var_os(variable).filter(|folder| !folder.is_empty())?;
        Some(PathBuf::from(folder).join("azedit").join(name))
    }

    pub(super) fn config_folder() -> Option<PathBuf> {
        below("APPDATA", "config")
    }

    pub(super) fn state_folder() -> Option<PathBuf> {
        below("LOCALAPPDATA", "data")
    }
}
