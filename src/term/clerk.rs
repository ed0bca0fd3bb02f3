//! Asking who an account is, without waiting longer than one wants to.
//!
//! Windows asks the account's own domain, and may take minutes to find that nobody answers; the call cannot be broken
//! off. So it is made on a thread of its own. When that does not answer in time it is left to itself, the next question
//! gets another, and nothing more is asked about a domain that was waited for once.

use std::collections::HashSet;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::accounts::{Question, Reply, Unnamed};

/// Who answers: [`accounts::host::ask`](crate::accounts::host::ask), or a recorded one.
pub type Ask = fn(&Question) -> Reply;

/// How long an answer may take.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// After so many threads were left to themselves nothing is asked any more.
const MOST_LOST: usize = 8;

/// Asks one question after the other.
pub struct Clerk {
    ask: Ask,
    patience: Duration,
    worker: Option<(Sender<Question>, Receiver<Reply>)>,
    /// Domains that did not answer.
    silent: HashSet<String>,
    lost: usize,
}

impl Clerk {
    /// A clerk who waits so long for each answer.
    pub fn new(ask: Ask, patience: Duration) -> Clerk {
        Clerk { ask, patience, worker: None, silent: HashSet::new(), lost: 0 }
    }

    /// Forgets who did not answer.
    pub fn ask_again(&mut self) {
        self.silent.clear();
        self.lost = 0;
    }

    /// The answer, or [`Unnamed::TimedOut`].
    pub fn answer(&mut self, question: &Question) -> Reply {
        let domain = question.domain();
        let is_silent = domain.as_ref().is_some_and(|domain| self.silent.contains(domain));
        if is_silent || self.lost >= MOST_LOST {
            return Err(Unnamed::TimedOut);
        }
        let (questions, replies) = match self.worker.take() {
            Some(worker) => worker,
            None => start(self.ask).map_err(|error| Unnamed::Failed(error.to_string()))?,
        };
        // Of a worker that is gone the receiver is told.
        let _ = questions.send(question.clone());
        match replies.recv_timeout(self.patience) {
            Ok(reply) => {
                self.worker = Some((questions, replies));
                reply
            }
            Err(RecvTimeoutError::Timeout) => {
                self.silent.extend(domain);
                self.lost += 1;
                Err(Unnamed::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(Unnamed::Failed("asking ended in an error of azedit's".to_owned()))
            }
        }
    }
}

fn start(ask: Ask) -> std::io::Result<(Sender<Question>, Receiver<Reply>)> {
    let (questions, asked) = mpsc::channel::<Question>();
    let (report, replies) = mpsc::channel();
    std::thread::Builder::new().name("accounts".to_owned()).spawn(move || {
        for question in asked {
            if report.send(ask(&question)).is_err() {
                break;
            }
        }
    })?;
    Ok((questions, replies))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Account, Sid, Sort};
    use std::sync::atomic::{AtomicUsize, Ordering};

    static ASKED: AtomicUsize = AtomicUsize::new(0);

    fn recorded(question: &Question) -> Reply {
        ASKED.fetch_add(1, Ordering::Relaxed);
        let Question::Name(name) = question else { return Err(Unnamed::Unknown) };
        if name.starts_with("SLOW") {
            std::thread::sleep(Duration::from_secs(2));
        }
        let sid = Sid::from_parts(5, [21, 1, 2, 3, 1104]);
        Ok(vec![Account { sid, name: name.clone(), sort: Sort::User }])
    }

    #[test]
    fn a_silent_domain_is_waited_for_once_and_the_others_go_on() {
        let mut clerk = Clerk::new(recorded, Duration::from_millis(200));
        let mut name = |name: &str| {
            clerk.answer(&Question::Name(name.to_owned())).map(|accounts| accounts[0].name.clone())
        };
        assert_eq!(name("CONTOSO\\joe").as_deref(), Ok("CONTOSO\\joe"));
        assert_eq!(name("SLOW\\joe"), Err(Unnamed::TimedOut));
        let before = ASKED.load(Ordering::Relaxed);
        assert_eq!(name("slow\\john"), Err(Unnamed::TimedOut));
        assert_eq!(ASKED.load(Ordering::Relaxed), before, "it was not asked");
        assert_eq!(name("CONTOSO\\john").as_deref(), Ok("CONTOSO\\john"));
        assert_eq!(clerk.answer(&Question::Sid(Sid::from_parts(5, [21, 1, 2, 3, 9]))), Err(Unnamed::Unknown));
    }
}
