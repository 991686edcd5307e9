//! A terminal, as a person would look at it.

use std::num::NonZero;

/// What a program wrote to a terminal, drawn.
pub struct Screen {
    terminal: vt100::Parser,
}

impl Screen {
    /// An empty one, which keeps what scrolls away.
    pub fn new(columns: u16, rows: u16) -> Self {
        let [columns, rows] = [columns, rows].map(|size| NonZero::new(size).expect("a terminal has a size"));
        Self { terminal: vt100::Parser::new(rows, columns, 10_000) }
    }

    /// Draws `bytes`.
    pub fn draw(&mut self, bytes: &[u8]) {
        self.terminal.process(bytes);
    }

    /// The lines that are seen now.
    pub fn contents(&self) -> String {
        self.terminal.screen().contents()
    }

    /// Everything, from the first line that scrolled away to the last that is seen.
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

    /// Whether it is as a shell expects it: the cursor shown, no other screen, no keys or mouse taken.
    pub fn is_restored(&self) -> bool {
        let screen = self.terminal.screen();
        !screen.hide_cursor()
            && !screen.alternate_screen()
            && !screen.application_keypad()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}
