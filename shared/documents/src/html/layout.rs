//! Words and the breaks between them: what a browser would set as lines, as plain text. Knows elements by
//! name only.

/// What separates the next word from the last, in order of strength.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// Text in the making.
#[derive(Debug, Default)]
pub(super) struct Layout {
    text: String,
    gap: Gap,
    /// Just after a list mark or a cell mark: a block that starts here starts on the same line.
    after_mark: bool,
    raised: bool,
    preformatted: usize,
    lists: usize,
    /// For each open row, whether it has had a cell.
    rows: Vec<bool>,
}

fn gap_around(name: &str) -> Gap {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol" | "dl" | "blockquote"
        | "pre" => Gap::Paragraph,
        "address" | "article" | "aside" | "body" | "caption" | "center" | "dd" | "details" | "div" | "dt"
        | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "header" | "hr" | "legend" | "li"
        | "main" | "nav" | "option" | "section" | "summary" | "tr" | "textarea" => Gap::Line,
        _ => Gap::None,
    }
}

impl Layout {
    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn open(&mut self, name: &str) {
        match name {
            "br" => {
                self.after_mark = false;
                self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
            }
            "ul" | "ol" => {
                self.separate(Gap::Paragraph);
                self.lists += 1;
            }
            "li" => {
                self.after_mark = false;
                self.separate(Gap::Line);
                let indent = "  ".repeat(self.lists.saturating_sub(1).min(8));
                self.mark(&format!("{indent}- "));
            }
            "tr" => {
                self.rows.push(false);
                self.separate(Gap::Line);
            }
            "td" | "th" => {
                let later = self.rows.last_mut().is_some_and(|had_cell| std::mem::replace(had_cell, true));
                if later {
                    self.gap = Gap::None;
                    self.text.truncate(self.text.trim_end_matches(' ').len());
                }
                self.mark(if later { " | " } else { "" });
            }
            "sup" => self.raised = true,
            _ => {
                self.preformatted += usize::from(matches!(name, "pre" | "textarea"));
                self.separate(gap_around(name));
            }
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "br" => return,
            "ul" | "ol" => {
                self.lists = self.lists.saturating_sub(1);
                self.after_mark = false;
                return self.separate(Gap::Paragraph);
            }
            "tr" => {
                self.rows.pop();
                self.after_mark = false;
            }
            "li" => self.after_mark = false,
            "sup" => self.raised = false,
            "pre" | "textarea" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
        self.separate(gap_around(name));
    }

    /// Text of a node: runs of blanks are one, as in a browser, but for preformatted text.
    pub(super) fn words(&mut self, text: &str) {
        for character in text.chars() {
            if self.preformatted == 0 && character.is_ascii_whitespace() {
                self.separate(Gap::Space);
                continue;
            }
            if self.raised && self.gap == Gap::None && character.is_ascii_digit() && self.ends_with_digit() {
                // 3<sup>1</sup>/<sub>2</sub> is three and a half, not thirty-one halves.
                self.gap = Gap::Space;
            }
            self.raised = false;
            self.flush();
            self.text.push(character);
        }
    }

    fn ends_with_digit(&self) -> bool {
        self.text.ends_with(|last: char| last.is_ascii_digit())
    }

    fn separate(&mut self, gap: Gap) {
        // Items of a list stand close, whatever blocks they are made of.
        let most = if self.lists > 0 { Gap::Line } else { Gap::Paragraph };
        if !self.after_mark {
            self.gap = self.gap.max(gap.min(most));
        }
    }

    fn mark(&mut self, mark: &str) {
        self.flush();
        self.text.push_str(mark);
        self.after_mark = true;
    }

    fn flush(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        self.after_mark = false;
        if self.text.is_empty() {
            return;
        }
        match gap {
            Gap::None => {}
            Gap::Space if self.text.ends_with(['\n', ' ']) => {}
            Gap::Space => self.text.push(' '),
            Gap::Line => self.text.push('\n'),
            Gap::Paragraph => self.text.push_str("\n\n"),
        }
    }
}
