//! Carrying out what the application asks for.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use super::super::host::Host;
use super::super::opening::{self, LARGE};
use super::super::saving;
use super::super::session::Mouse;
use super::super::{comparing, events, machines, paths, session, texts};
use super::{Done, Editor, End};
use crate::app::input::Input;
use crate::app::listing::Listed;
use crate::app::work::{Parcel, Progress};
use crate::app::{self, DocId, Effect, HostEvent};
use crate::files;
use crate::hyperv;

impl Editor {
    /// Carries out effects, and hands the answers to the application until there are no more.
    pub(super) fn perform(&mut self, effects: Vec<Effect>) -> io::Result<Option<End>> {
        let mut batches = VecDeque::from([effects]);
        while let Some(effects) = batches.pop_front() {
            let mut answers = Vec::new();
            for effect in effects {
                if effect == Effect::Quit {
                    // Nobody is left to tell.
                    let _ = self.host.settle();
                    return Ok(Some(End::Quit));
                }
                answers.extend(self.carry_out(effect)?);
            }
            answers.extend(self.host.settle());
            batches.extend(answers.into_iter().map(|answer| app::update(&mut self.app, Input::Host(answer))));
        }
        Ok(None)
    }

    #[allow(clippy::too_many_lines)] // One arm for each effect.
    fn carry_out(&mut self, effect: Effect) -> io::Result<Option<HostEvent>> {
        Ok(match effect {
            Effect::Open(path) => self.open(path)?,
            Effect::PutBack { path, kept } => self.put_back(path, &kept)?,
            Effect::OpenSample => Some(Host::sample()),
            Effect::Save(id) => {
                let progress = self.busy();
                let size = self.app.document(id).map_or(0, |doc| doc.store().document().text().len());
                if u64::try_from(size).is_ok_and(|size| size < LARGE) {
                    return Ok(Some(self.host.save(&self.app, id, &progress)));
                }
                let Some(job) = saving::Job::of(&self.app, id) else { return Ok(Some(saving::no_file(id))) };
                let state = self.host.state().cloned().map_err(str::to_owned);
                self.employ("save", move || {
                    Done::Saved(id, job.run(state.as_ref().map_err(String::as_str), &progress))
                })?;
                None
            }
            Effect::Recent(opened) => {
                if let Some(state) = self.host.state().ok().cloned() {
                    self.employ("recent", move || {
                        Done::Said(HostEvent::Recent(paths::recent(&state, opened.as_deref())))
                    })?;
                }
                None
            }
            Effect::Complete(typed) => {
                self.employ("complete", move || {
                    let found = paths::completions(&typed);
                    Done::Said(HostEvent::Completed { typed, found })
                })?;
                None
            }
            Effect::Check(id) => {
                let Some(doc) = self.app.document(id) else { return Ok(None) };
                let progress = doc.check.as_ref().map(|check| check.progress.clone()).unwrap_or_default();
                let store = doc.session.shared();
                self.employ("check", move || {
                    let findings = hyperv::findings_watched(&store, &|objects| progress.advance(objects));
                    Done::Checked(id, progress, findings.map(Parcel::new))
                })?;
                None
            }
            Effect::List(id) => self.list(id)?,
            Effect::Explain(path) => {
                let progress = self.busy();
                self.employ("explain", move || Done::Said(events::explain(path, &progress)))?;
                None
            }
            Effect::Allow => {
                let (job, progress) = (events::Job::of(&self.app), self.busy());
                self.employ("allow", move || {
                    Done::Said(job.map_or(HostEvent::Allowed(None), |job| job.run(&progress)))
                })?;
                None
            }
            Effect::AskLog(id) => {
                let ask_log = self.ask_log;
                self.employ("log", move || Done::Said(HostEvent::LogSays(id, ask_log())))?;
                None
            }
            Effect::Compare(ids) => self.side_by_side(comparing::Job::compare(&self.app, ids))?,
            Effect::Align { store, like } => {
                self.side_by_side(comparing::Job::align(&self.app, store, like))?
            }
            Effect::Look(id) => self.host.look(&self.app, id),
            Effect::Journal(id, step) => self.host.journal(&self.app, id, step),
            Effect::Themes => Some(HostEvent::Themes(self.settings.themes())),
            Effect::Wear(name) => Some(HostEvent::Worn(self.settings.wear(&name))),
            Effect::ReadText { path, id } => Some(texts::read(path, id)),
            Effect::WriteText { path, text, existing, id } => {
                Some(texts::write(self.host.state(), path, text, existing, id))
            }
            Effect::ListVersions(id) => Some(self.host.versions(&self.app, id)),
            Effect::ReadVersions(id, ids) => Some(self.host.read_versions(&self.app, id, &ids)),
            Effect::Restore(id) => Some(self.host.restore(&self.app, id)),
            effect @ (Effect::Ask(_) | Effect::AskAgain | Effect::ReadNames { .. }) => {
                self.find_out(effect)?
            }
            effect @ (Effect::Machines(..) | Effect::MoveMachines { .. }) => {
                if let Some(job) = machines::Job::of(effect, &self.app, &self.host) {
                    self.employ("machines", move || Done::Said(job.run()))?;
                }
                None
            }
            Effect::Copy(text) => Some(self.host.copy(&text)),
            Effect::ReadClipboard => Some(self.host.read_clipboard()),
            Effect::GoOn => {
                self.goes_on = true;
                None
            }
            Effect::Mouse(ours) => {
                self.settings.mouse = if ours { Mouse::Captured } else { Mouse::Free };
                session::set_mouse(self.settings.mouse)?;
                None
            }
            Effect::Redraw => {
                self.picture.repaint();
                None
            }
            Effect::Suspend => {
                #[cfg(unix)]
                self.stop();
                None
            }
            Effect::Quit => None,
        })
    }

    /// Has it read who is listed where in a document.
    fn list(&mut self, id: DocId) -> io::Result<Option<HostEvent>> {
        let Some(doc) = self.app.document(id) else { return Ok(None) };
        let progress = doc.listing.progress().cloned().unwrap_or_default();
        let store = doc.session.shared();
        self.employ("list", move || match Listed::of(&store, &progress) {
            Some(listed) => Done::Said(HostEvent::Listed(id, progress, Parcel::new(listed))),
            None => Done::Stopped,
        })?;
        Ok(None)
    }

    /// Has documents compared: here where they are small, else by another thread.
    fn side_by_side(&mut self, job: comparing::Job) -> io::Result<Option<HostEvent>> {
        let progress = self.busy();
        if !job.is_large() {
            return Ok(Some(job.run(&progress)));
        }
        self.employ("compare", move || Done::Said(job.run(&progress)))?;
        Ok(None)
    }

    /// Reads a store, a large one on another thread.
    fn open(&mut self, path: PathBuf) -> io::Result<Option<HostEvent>> {
        let progress = self.busy();
        if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() >= LARGE) {
            self.host.before_opening(&path);
            let state = self.host.state().ok().cloned();
            self.employ("open", move || Done::Opened(opening::read(path, state.as_ref(), &progress)))?;
            return Ok(None);
        }
        Ok(Some(self.host.open(path, &progress)))
    }

    /// Gives a store its name back, and reads it.
    fn put_back(&mut self, path: PathBuf, kept: &Path) -> io::Result<Option<HostEvent>> {
        match files::put_back(kept, &path) {
            Ok(()) => self.open(path),
            Err(error) => Ok(Some(HostEvent::NotOpened { path, message: Some(error.to_string()) })),
        }
    }

    /// The progress of the work that is asked for.
    fn busy(&self) -> Progress {
        self.app.busy.as_ref().map(|busy| busy.progress.clone()).unwrap_or_default()
    }
}
