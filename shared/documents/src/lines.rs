//! Glyphs with positions to lines of text. Knows where a line ends and a word begins; knows nothing of words.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

/// Parts of the size of the type, found by eye on specifications: smaller steps are kerning or a raised sign.
const NEXT_LINE: f64 = 0.5;
const NEXT_PARAGRAPH: f64 = 2.2;
const NEXT_WORD: f64 = 0.12;
const NEXT_COLUMN: f64 = 3.0;
const RAISED: f64 = 0.12;

/// Collects the text of one page in the order it is drawn.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    text: String,
    last: Option<Pen>,
}

/// Where a glyph stands: its origin, the direction of its line, the size of its type, and where it ends.
#[derive(Debug, Clone, Copy)]
struct Pen {
    x: f64,
    y: f64,
    along_x: f64,
    along_y: f64,
    size: f64,
    advance: f64,
}

impl Pen {
    fn of(transform: &Transform, width: f64, font_size: f64) -> Option<Self> {
        let stretch = transform.m11.hypot(transform.m12);
        let size = (transform.m21.hypot(transform.m22) * font_size).abs();
        let usable = stretch > 0.0 && stretch.is_finite() && size > 0.0 && size.is_finite();
        usable.then_some(Self {
            x: transform.m31,
            y: transform.m32,
            along_x: transform.m11 / stretch,
            along_y: transform.m12 / stretch,
            size,
            advance: width * font_size * stretch,
        })
    }

    /// From the end of `self` to the origin of `next`: along the line, and across it.
    fn step(&self, next: &Self) -> (f64, f64) {
        let (x, y) = (next.x - self.x, next.y - self.y);
        (x * self.along_x + y * self.along_y - self.advance, y * self.along_x - x * self.along_y)
    }
}

impl Lines {
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    fn gap(&self, next: &Pen, glyph: &str) -> &'static str {
        let Some(last) = &self.last else { return "" };
        let size = last.size.max(next.size);
        let (along, across) = last.step(next);
        let turned = last.along_x * next.along_x + last.along_y * next.along_y < 0.9;
        if turned || across.abs() > size * NEXT_LINE || along < -size {
            return if across.abs() > size * NEXT_PARAGRAPH { "\n\n" } else { "\n" };
        }
        let digits = self.text.ends_with(|last: char| last.is_ascii_digit())
            && glyph.starts_with(|first: char| first.is_ascii_digit());
        if along > size * NEXT_COLUMN {
            "  "
        } else if along > size * NEXT_WORD || (digits && across.abs() > size * RAISED) {
            // A raised digit after a digit is the numerator of 3 1/2: without the space it would read 31/2.
            " "
        } else {
            ""
        }
    }
}

impl OutputDev for Lines {
    fn begin_page(
        &mut self,
        _number: u32,
        _media_box: &MediaBox,
        _art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        transform: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        glyph: &str,
    ) -> Result<(), OutputError> {
        let pen = Pen::of(transform, width, font_size);
        if let Some(pen) = &pen {
            let gap = self.gap(pen, glyph);
            let blank = glyph.starts_with(' ') || self.text.ends_with(' ');
            if !(blank && gap.starts_with(' ')) {
                self.text.push_str(gap);
            }
        }
        self.text.push_str(glyph);
        self.last = pen.or(self.last);
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
