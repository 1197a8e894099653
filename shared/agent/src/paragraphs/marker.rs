//! List markers at the start of a line, as specifications have them: `A.`, `1.`, `a.`, `1)`, `a)`, `(1)`, `(a)`, and of
//! the federal guide `2.3.1` and `SD-02`.

/// A kind of marker: items of one list have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `2.3.1`.
    SubArticle,
    /// `SD-02`.
    Group,
    /// `A.`
    Upper,
    /// `1.`
    Number,
    /// `a.`
    Lower,
    /// `1)`
    NumberParenthesis,
    /// `a)`
    LowerParenthesis,
    /// `(1)`
    NumberInside,
    /// `(a)`
    LowerInside,
}

impl Kind {
    /// True if a list of the other kind may stand inside an item of this one, where neither was seen before. Numbers go
    /// under capitals and small letters under numbers; the federal guide has `a.` right under the article, and `(1)`
    /// under it.
    pub(super) fn holds(self, other: Self) -> bool {
        self != other
            && match other {
                Self::SubArticle => false,
                // Groups and capitals stand right under the article or one of its parts.
                Self::Group | Self::Upper => self == Self::SubArticle,
                _ => true,
            }
    }

    /// True if its items stand right under the article.
    pub(super) fn is_first_level(self) -> bool {
        matches!(self, Self::SubArticle | Self::Group | Self::Upper)
    }

    /// True if a marker's name is a part of this article, such as `2.3.1` of `2.3`.
    pub(super) fn is_sub_article(name: &str, article: &str) -> bool {
        name.strip_prefix(article).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| {
            !rest.is_empty() && rest.split('.').all(|part| !part.is_empty() && is_number(part))
        })
    }
}

/// A marker and where it stands in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) kind: Kind,
    /// Without its stop or parentheses, such as `B`.
    pub(super) name: String,
    /// From 1.
    ordinal: u32,
}

impl Marker {
    /// The marker at the start of a line of an article.
    pub(super) fn of(line: &str, article: &str) -> Option<Self> {
        let (first, rest) = line.split_once(' ')?;
        if rest.trim().is_empty() {
            return None;
        }
        let sub_article = first.trim_end_matches('.');
        if Kind::is_sub_article(sub_article, article) {
            let ordinal = sub_article.rsplit('.').next()?.parse().ok()?;
            return Some(Self { kind: Kind::SubArticle, name: sub_article.to_owned(), ordinal });
        }
        if let Some(number) = first.strip_prefix("SD-") {
            let group = number.len() == 2 && is_number(number);
            let ordinal = number.parse().ok()?;
            return group.then(|| Self { kind: Kind::Group, name: first.to_owned(), ordinal });
        }
        let inside = first.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let (name, number, upper, lower) = if let Some(name) = inside {
            (name, Kind::NumberInside, None, Kind::LowerInside)
        } else if let Some(name) = first.strip_suffix('.') {
            (name, Kind::Number, Some(Kind::Upper), Kind::Lower)
        } else {
            (first.strip_suffix(')')?, Kind::NumberParenthesis, None, Kind::LowerParenthesis)
        };
        let (kind, ordinal) = if is_number(name) && name.len() <= 2 {
            (number, name.parse().ok()?)
        } else if let Some(ordinal) = letters(name, b'A') {
            (upper?, ordinal)
        } else {
            (lower, letters(name, b'a')?)
        };
        Some(Self { kind, name: name.to_owned(), ordinal })
    }

    /// True for the first item of a list. Groups and sub-articles are numbered by a list of their own.
    pub(super) fn begins(&self) -> bool {
        self.ordinal == 1 || matches!(self.kind, Kind::Group | Kind::SubArticle)
    }

    /// True if it may come next. One or two items may be missing: left out on purpose, or lost with their page.
    pub(super) fn follows(&self, known: &Self) -> bool {
        (1..=3).contains(&self.ordinal.saturating_sub(known.ordinal))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `A` to `Z`, then `AA` to `ZZ`, as people go on counting.
fn letters(name: &str, first: u8) -> Option<u32> {
    let place = |byte: u8| byte.checked_sub(first).filter(|place| *place < 26).map(u32::from);
    match name.as_bytes() {
        [one] => place(*one).map(|place| place.saturating_add(1)),
        [one, two] if one == two => place(*one).map(|place| place.saturating_add(27)),
        _ => None,
    }
}
