//! Asking who accounts are, on a thread of its own.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};

use super::super::clerk::{Ask, Clerk, PATIENCE};
use super::super::names;
use super::{Editor, Event};
use crate::accounts::Question;
use crate::app::{Effect, HostEvent, naming};

/// What is sent to the thread.
pub(super) enum Errand {
    Answer(Vec<Question>),
    /// Whoever did not answer may be asked again.
    Forget,
}

/// Starts the thread. It ends when nobody can send to it or take its answers any more.
fn start(ask: Ask, report: Sender<Event>) -> io::Result<Sender<Errand>> {
    let (errands, received) = mpsc::channel();
    std::thread::Builder::new().name("clerk".to_owned()).spawn(move || {
        let mut clerk = Clerk::new(ask, PATIENCE);
        for errand in received {
            match errand {
                Errand::Forget => clerk.ask_again(),
                Errand::Answer(questions) => {
                    for question in questions {
                        let reply = clerk.answer(&question);
                        let event = Event::Said(Box::new(HostEvent::Told(Box::new((question, reply)))));
                        if report.send(event).is_err() {
                            return;
                        }
                    }
                }
            }
        }
    })?;
    Ok(errands)
}

impl Editor {
    /// Sends an errand; the thread begins with the first one.
    fn send(&mut self, errand: Errand) -> io::Result<()> {
        let Some(ask) = self.ask else { return Ok(()) };
        let clerk = match &self.clerk {
            Some(clerk) => clerk,
            None => self.clerk.insert(start(ask, Sender::clone(&self.report))?),
        };
        // It ends only with the program.
        let _ = clerk.send(errand);
        Ok(())
    }

    /// Carries out what the application asks about accounts.
    pub(super) fn find_out(&mut self, effect: Effect) -> io::Result<Option<HostEvent>> {
        match effect {
            Effect::Ask(questions) => self.send(Errand::Answer(questions))?,
            Effect::AskAgain => self.send(Errand::Forget)?,
            Effect::ReadNames { path, asked } => return Ok(read_map(path, asked)),
            _ => {}
        }
        Ok(None)
    }

    /// What the last frame showed without a name is asked about.
    pub(super) fn ask_for_names(&mut self) -> io::Result<()> {
        let effects: Vec<Effect> = naming::of_seen(&mut self.app);
        self.perform(effects)?;
        Ok(())
    }
}

/// Reads a map of names; one that lies beside a store need not be there.
fn read_map(path: PathBuf, asked: bool) -> Option<HostEvent> {
    if !asked && !path.is_file() {
        return None;
    }
    Some(HostEvent::NamesRead { read: names::read(&path), path, asked })
}
