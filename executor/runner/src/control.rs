//! Control words on stdin (`WLX_CONTROL=stdin`): who starts us says when a repeat begins.

use std::io::BufRead;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use workload_schema::event::{CONTROL_RUN, CONTROL_STDIN, CONTROL_VARIABLE, CONTROL_VERIFY};

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A repeat.
    Run,
    /// Compare contents.
    Verify,
}

/// Who says what to do next.
#[derive(Debug)]
pub enum Control {
    /// Nobody controls us: repeats follow each other.
    Free,
    /// A word on stdin begins each repeat.
    Words(mpsc::UnboundedReceiver<Word>),
}

impl Control {
    /// Control as the environment asks for it. When stdin closes, whoever started us is gone: `stop` is cancelled.
    pub fn from_environment(stop: &CancellationToken) -> Self {
        if std::env::var(CONTROL_VARIABLE).as_deref() != Ok(CONTROL_STDIN) {
            return Self::Free;
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        let stop = stop.clone();
        // A thread and not a task: a blocking read of stdin cannot be cancelled and must not hold up the runtime's end.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let word = match line.as_deref().map(str::trim) {
                    Ok(CONTROL_RUN) => Word::Run,
                    Ok(CONTROL_VERIFY) => Word::Verify,
                    // `end`: no more repeats, the session ends by itself.
                    Ok(_) => return,
                    Err(_) => break,
                };
                if sender.send(word).is_err() {
                    break;
                }
            }
            stop.cancel();
        });
        Self::Words(receiver)
    }

    /// Waits for the next word; none where no more repeats are wanted.
    pub async fn next(&mut self) -> Option<Word> {
        match self {
            Self::Free => Some(Word::Run),
            Self::Words(words) => words.recv().await,
        }
    }
}
