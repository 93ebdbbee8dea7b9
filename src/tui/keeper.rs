//! Keeps drafts on a thread of its own, one job after the other, so that no disk holds up the explorer.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::UnboundedSender;

use crate::drafts::{Draft, DraftError, DraftId, Drafts, Left};
use crate::tui::event::{EditId, Reply, Typed};

/// Where drafts are kept, and what they say of the connection.
#[derive(Clone, Debug)]
pub struct DraftHome {
    /// The directory.
    pub directory: PathBuf,
    /// The connection's name.
    pub connection: String,
    /// What tells it apart from another of that name.
    pub home: String,
}

/// The thread that keeps drafts.
pub struct Keeper {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Something to do with drafts.
pub enum Job {
    /// Keep what is typed.
    Keep(Box<Typed>),
    /// List all.
    List,
    /// Take one over for an edit.
    Take(EditId, DraftId),
    /// Remove that of an edit.
    DropOf(EditId),
    /// Remove one.
    Drop(DraftId),
    /// Make the file for the person's own editor, and say where it is.
    HandOut(Box<Typed>, Sender<Result<PathBuf, DraftError>>),
    /// Read what the editor wrote.
    TakeBack(EditId, Sender<Result<String, DraftError>>),
    /// Say that everything before is done.
    Settle(Sender<()>),
}

impl Keeper {
    /// Starts the thread; without a home it keeps nothing.
    pub fn start(home: Option<DraftHome>, replies: UnboundedSender<Reply>) -> Self {
        let Some(home) = home else { return Self { jobs: None, thread: None } };
        let (jobs, inbox) = channel();
        let desk = Desk { home, drafts: None, ids: HashMap::new(), replies };
        let thread = thread::Builder::new().name("drafts".to_owned()).spawn(move || desk.work(&inbox));
        // Without a thread nobody takes a job in, which whoever hands one in is told.
        Self { jobs: Some(jobs), thread: thread.ok() }
    }

    /// Hands a job in. Returns whether anyone does it.
    pub fn hand_in(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }

    /// Returns when everything handed in so far is done.
    pub fn settle(&self) {
        let (answer, answered) = channel();
        if self.hand_in(Job::Settle(answer)) {
            // Without an answer the thread is gone, and nothing more is done.
            answered.recv().ok();
        }
    }

    /// Returns when everything handed in is done. Nothing can be handed in after it.
    pub fn finish(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it was told by the panic hook.
            drop(thread.join());
        }
    }
}

/// What the thread has at hand.
struct Desk {
    home: DraftHome,
    drafts: Option<Drafts>,
    /// The draft of each edit.
    ids: HashMap<EditId, DraftId>,
    replies: UnboundedSender<Reply>,
}

impl Desk {
    fn work(mut self, inbox: &Receiver<Job>) {
        for job in inbox {
            self.carry_out(job);
        }
    }

    fn carry_out(&mut self, job: Job) {
        match job {
            Job::Keep(typed) => {
                let (edit, is_new) = (typed.edit, !self.ids.contains_key(&typed.edit));
                let result = self.keep(*typed);
                let is_kept = result.is_ok();
                self.answer(Reply::Kept(edit, result));
                if is_new && is_kept {
                    self.list();
                }
            }
            Job::List => self.list(),
            Job::Take(edit, id) => {
                let result = self.drafts().and_then(|drafts| drafts.take(&id));
                if let Ok(draft) = &result {
                    self.ids.insert(edit, draft.id);
                }
                self.answer(Reply::Taken(edit, result.map(Box::new)));
                self.list();
            }
            Job::DropOf(edit) => {
                if let Some(id) = self.ids.remove(&edit) {
                    self.remove(id);
                }
            }
            Job::Drop(id) => self.remove(id),
            Job::HandOut(typed, answer) => {
                // Who asked waits for the answer.
                drop(answer.send(self.hand_out(*typed)));
                self.list();
            }
            Job::Settle(answer) => drop(answer.send(())),
            Job::TakeBack(edit, answer) => {
                let id = self.ids.get(&edit).copied();
                let text = self.drafts().and_then(|drafts| id.map(|id| drafts.take_back(&id)).transpose());
                drop(answer.send(text.map(Option::unwrap_or_default)));
                self.list();
            }
        }
    }

    fn keep(&mut self, typed: Typed) -> Result<(), DraftError> {
        let edit = typed.edit;
        let draft = self.draft(typed)?;
        self.drafts()?.save(&draft)?;
        self.ids.insert(edit, draft.id);
        Ok(())
    }

    fn hand_out(&mut self, typed: Typed) -> Result<PathBuf, DraftError> {
        let edit = typed.edit;
        let draft = self.draft(typed)?;
        let path = self.drafts()?.hand_out(&draft)?;
        self.ids.insert(edit, draft.id);
        Ok(path)
    }

    fn remove(&mut self, id: DraftId) {
        let result = self.drafts().and_then(|drafts| drafts.discard(&id));
        self.answer(Reply::Dropped(result));
        self.list();
    }

    fn list(&mut self) {
        let listed = self.drafts().and_then(Drafts::list);
        self.answer(Reply::Drafts(listed));
    }

    /// Opens the directory where that has not been possible yet.
    fn drafts(&mut self) -> Result<&Drafts, DraftError> {
        if self.drafts.is_none() {
            self.drafts = Some(Drafts::open(&self.home.directory)?);
        }
        Ok(self.drafts.as_ref().expect("it was just opened"))
    }

    fn draft(&mut self, typed: Typed) -> Result<Draft, DraftError> {
        let id = match self.ids.get(&typed.edit) {
            Some(id) => *id,
            None => self.drafts()?.new_id(),
        };
        let Typed { work, names, text, cursor, begun, changed, .. } = typed;
        let DraftHome { connection, home, .. } = self.home.clone();
        Ok(Draft { id, connection, home, work, names, text, cursor, begun, changed, left: Left::default() })
    }

    fn answer(&self, reply: Reply) {
        // The receiver is gone only when the program ends, and then nobody waits for a reply.
        drop(self.replies.send(reply));
    }
}
