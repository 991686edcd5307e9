//! A terminal as a person sees it.

use std::num::NonZero;

/// A terminal on which a program's output is drawn.
pub struct Screen {
    terminal: vt100::Parser,
}

impl Screen {
    /// An empty terminal, which keeps the lines that scroll away.
    pub fn new(columns: u16, rows: u16) -> Self {
        let [columns, rows] = [columns, rows].map(|size| NonZero::new(size).expect("a terminal has a size"));
        Self { terminal: vt100::Parser::new(rows, columns, 10_000) }
    }

    /// Draws `bytes`.
    pub fn draw(&mut self, bytes: &[u8]) {
        self.terminal.process(bytes);
    }

    /// The visible lines.
    pub fn contents(&self) -> String {
        self.terminal.screen().contents()
    }

    /// All lines, from the first that scrolled away to the last visible one.
    pub fn with_scrollback(&mut self) -> String {
        let rows = usize::from(self.terminal.screen().size().0.get());
        let mut pages = Vec::new();
        let screen = self.terminal.screen_mut();
        screen.set_scrollback(usize::MAX);
        let mut back = screen.scrollback();
        while back > 0 {
            screen.set_scrollback(back);
            let page = screen.contents();
            pages.extend(page.lines().take(back.min(rows)).map(str::to_owned).collect::<Vec<_>>());
            back = back.saturating_sub(rows);
        }
        screen.set_scrollback(0);
        pages.extend(screen.contents().lines().map(str::to_owned));
        pages.join("\n")
    }

    /// Whether it is in the state that a shell expects: cursor shown, main screen, keys and mouse not captured.
    pub fn is_restored(&self) -> bool {
        let screen = self.terminal.screen();
        !screen.hide_cursor()
            && !screen.alternate_screen()
            && !screen.application_keypad()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}
