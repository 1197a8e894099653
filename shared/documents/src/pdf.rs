//! PDF to pages. The reader underneath panics on files it does not expect: each page is read on its own, and
//! a page that fails costs only itself. Never decodes pictures.

use crate::{
    Document, Limits, Page, PageContent, Unreadable, clean_text, lines::Lines, paging::Pages, repairs,
    worker::Fault,
};
use pdf_extract::{
    Dictionary, Document as File, Error as PdfError, Object, ObjectId, Stream,
    content::{Content, Operation},
    output_doc_page,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

const TREE_DEPTH: usize = 64;
const MAX_RESOURCES: usize = 200;

/// What of a page's drawing is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Text, and the forms a page is composed of.
    TextAndForms,
    /// Text of the page alone.
    TextOnly,
}

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Fault> {
    let mut file = match File::load_mem(bytes) {
        Ok(file) => file,
        Err(
            PdfError::Decryption(_) | PdfError::InvalidPassword | PdfError::UnsupportedSecurityHandler(_),
        ) => return Ok(encrypted()),
        Err(PdfError::Unimplemented(_)) => return Err(Fault::Unsupported),
        Err(_) => return Err(Fault::NotThisKind),
    };
    // Gone from the trailer when the empty password opened it.
    if file.trailer.has(b"Encrypt") {
        return Ok(encrypted());
    }
    repairs::forget_pictures(&mut file);
    repairs::spell_out_widths(&mut file);
    let page_ids: Vec<ObjectId> = file.get_pages().into_values().collect();
    if page_ids.is_empty() {
        return Err(Fault::NotThisKind);
    }
    let mut pages = Pages::new(page_ids.len(), limits);
    for (number, id) in (1_u32..).zip(page_ids) {
        let more = match page_text(&mut file, number, id) {
            None => pages.push(PageContent::Unreadable(Unreadable::Garbled)),
            Some((text, pictures)) => {
                let cleaned = clean_text(&text);
                pages.removed += cleaned.removed;
                let if_empty = if pictures { Unreadable::Scanned } else { Unreadable::Empty };
                pages.push_text(&cleaned.text, if_empty)
            }
        };
        if !more {
            break;
        }
    }
    Ok(pages.finish())
}

/// Without its password a file does not even tell how many pages it has.
fn encrypted() -> Document {
    let page = Page { number: 1, content: PageContent::Unreadable(Unreadable::Encrypted) };
    Document { pages: vec![page], pages_total: 1, ..Document::default() }
}

/// Text of a page and whether it shows pictures. `None` when it cannot be read at all.
fn page_text(file: &mut File, number: u32, id: ObjectId) -> Option<(String, bool)> {
    if !tree_ends(file, id) {
        return None;
    }
    let operations = contained(|| {
        let content = file.get_page_content(id).ok()?;
        Content::decode(&content).ok().map(|content| content.operations)
    })?;
    let pictures = operations.iter().any(|operation| operation.operator == "BI") || has_pictures(file, id);
    for keep in [Keep::TextAndForms, Keep::TextOnly] {
        let content = Content { operations: text_operations(&operations, keep) };
        let stream = file.add_object(Stream::new(Dictionary::new(), content.encode().ok()?));
        file.get_object_mut(id).and_then(Object::as_dict_mut).ok()?.set("Contents", stream);
        let text = contained(|| {
            let mut lines = Lines::default();
            output_doc_page(file, &mut lines, number).ok()?;
            Some(lines.into_text())
        });
        file.objects.remove(&stream);
        if let Some(text) = text {
            return Some((text, pictures));
        }
    }
    None
}

fn contained<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    // Nothing the reader leaves half done is looked at after a panic.
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Only what places text. The reader panics on colours, states and patterns it does not know, which text does
/// not need, and it does not know the operators `'` and `"`, which are spelled out.
fn text_operations(operations: &[Operation], keep: Keep) -> Vec<Operation> {
    let mut kept = Vec::with_capacity(operations.len());
    for operation in operations {
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("BT" | "ET" | "q" | "Q" | "T*", _)
            | ("Tc" | "Tw" | "Tz" | "TL" | "Ts", [_])
            | ("Tf" | "Td" | "TD", [_, _])
            | ("cm" | "Tm", [_, _, _, _, _, _])
            | ("Tj", [Object::String(..)])
            | ("TJ", [Object::Array(_)]) => kept.push(operation.clone()),
            ("Do", [_]) if keep == Keep::TextAndForms => kept.push(operation.clone()),
            ("'", [text @ Object::String(..)]) => kept.extend(next_line(text)),
            ("\"", [word, letter, text @ Object::String(..)]) => {
                kept.push(Operation::new("Tw", vec![word.clone()]));
                kept.push(Operation::new("Tc", vec![letter.clone()]));
                kept.extend(next_line(text));
            }
            _ => {}
        }
    }
    kept
}

fn next_line(text: &Object) -> [Operation; 2] {
    [Operation::new("T*", Vec::new()), Operation::new("Tj", vec![text.clone()])]
}

/// Whether the way from a page up to the root ends; the reader follows it without asking.
fn tree_ends(file: &File, page: ObjectId) -> bool {
    let mut node = page;
    for _ in 0..TREE_DEPTH {
        let parent =
            file.get_dictionary(node).and_then(|node| node.get(b"Parent")).and_then(Object::as_reference);
        match parent {
            Ok(parent) => node = parent,
            Err(_) => return true,
        }
    }
    false
}

fn has_pictures(file: &File, page: ObjectId) -> bool {
    let Ok((direct, inherited)) = file.get_page_resources(page) else {
        return false;
    };
    let mut to_visit: Vec<&Dictionary> =
        inherited.into_iter().filter_map(|id| file.get_dictionary(id).ok()).collect();
    to_visit.extend(direct);
    // Forms may share forms, or hold themselves: the budget ends the walk.
    for _ in 0..MAX_RESOURCES {
        let Some(resources) = to_visit.pop() else {
            return false;
        };
        let Ok(Object::Dictionary(drawn)) = resources.get_deref(b"XObject", file) else {
            continue;
        };
        for (_, object) in drawn {
            let Ok((_, Object::Stream(stream))) = file.dereference(object) else {
                continue;
            };
            if repairs::is_picture(stream) {
                return true;
            }
            if let Ok(Object::Dictionary(inner)) = stream.dict.get_deref(b"Resources", file)
                && to_visit.len() < MAX_RESOURCES
            {
                to_visit.push(inner);
            }
        }
    }
    false
}
