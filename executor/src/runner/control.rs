//! Control words on stdin (`WLX_CONTROL=stdin`): who starts us says when a repeat begins.

use std::io::BufRead;

use tokio::sync::mpsc;
use workload_schema::event::{CONTROL_RUN, CONTROL_STDIN, CONTROL_VARIABLE};

use super::cancel::Cancel;

/// Whether the next repeat may begin.
#[derive(Debug)]
pub enum Control {
    /// Nobody controls us: repeats follow each other.
    Free,
    /// A word on stdin begins each repeat.
    Words(mpsc::UnboundedReceiver<()>),
}

impl Control {
    /// Control as the environment asks for it. When stdin closes, whoever started us is gone: `cancel` is raised.
    pub fn from_environment(cancel: &Cancel) -> Self {
        if std::env::var(CONTROL_VARIABLE).as_deref() != Ok(CONTROL_STDIN) {
            return Self::Free;
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        let cancel = cancel.clone();
        // A thread and not a task: a blocking read of stdin cannot be cancelled and must not hold up the runtime's end.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                match line.as_deref().map(str::trim) {
                    Ok(CONTROL_RUN) if sender.send(()).is_ok() => {}
                    Ok(CONTROL_RUN) | Err(_) => break,
                    // `end`: no more repeats, the session ends by itself.
                    Ok(_) => return,
                }
            }
            cancel.raise();
        });
        Self::Words(receiver)
    }

    /// Waits for the word to begin; false where no more repeats are wanted.
    pub async fn may_begin(&mut self) -> bool {
        match self {
            Self::Free => true,
            Self::Words(words) => words.recv().await.is_some(),
        }
    }
}
