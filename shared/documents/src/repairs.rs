//! Changes to a PDF in memory that the reader underneath needs. Never changes what a page says.

use pdf_extract::{Dictionary, Document as File, Object, ObjectId, Stream};

/// Widths written out over all fonts: more than any real file needs, little enough to hold.
const MAX_WIDTHS: usize = 200_000;

pub(crate) fn is_picture(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
}

/// Empties the pictures: they hold most of the bytes, and the reader would run their pixels as drawing.
pub(crate) fn forget_pictures(file: &mut File) {
    for object in file.objects.values_mut() {
        if let Object::Stream(stream) = object
            && is_picture(stream)
        {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(Vec::new());
        }
    }
}

/// Writes the widths of composite fonts glyph by glyph. The format also has `first last width` for a run of
/// glyphs, which the reader takes for something else: glyphs get the default width, and lines break where
/// there is no break.
pub(crate) fn spell_out_widths(file: &mut File) {
    let mut room = MAX_WIDTHS;
    let spelled: Vec<(ObjectId, Vec<Object>)> = file
        .objects
        .iter()
        .filter_map(|(id, object)| {
            let font = object.as_dict().ok().filter(|font| is_composite(font))?;
            let widths = font.get_deref(b"W", file).and_then(Object::as_array).ok()?;
            Some((*id, spelled_out(widths, &mut room)))
        })
        .collect();
    for (id, widths) in spelled {
        if let Ok(font) = file.get_object_mut(id).and_then(Object::as_dict_mut) {
            font.set("W", widths);
        }
    }
}

fn is_composite(font: &Dictionary) -> bool {
    let subtype = font.get(b"Subtype").and_then(Object::as_name);
    subtype.is_ok_and(|name| matches!(name, b"CIDFontType0" | b"CIDFontType2"))
}

/// What follows a mistake is left out: those glyphs keep the default width.
fn spelled_out(widths: &[Object], room: &mut usize) -> Vec<Object> {
    let mut spelled = Vec::with_capacity(widths.len());
    let mut rest = widths;
    loop {
        rest = match rest {
            [first @ Object::Integer(_), each @ Object::Array(_), after @ ..] => {
                spelled.extend([first.clone(), each.clone()]);
                after
            }
            [Object::Integer(first), Object::Integer(last), width, after @ ..] => {
                let glyphs = last.checked_sub(*first).and_then(|steps| usize::try_from(steps).ok());
                let Some(glyphs) =
                    glyphs.and_then(|steps| steps.checked_add(1)).filter(|glyphs| glyphs <= room)
                else {
                    return spelled;
                };
                *room -= glyphs;
                spelled.extend([Object::Integer(*first), Object::Array(vec![width.clone(); glyphs])]);
                after
            }
            _ => return spelled,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_spelled_out_up_to_the_first_mistake() {
        let number = Object::Integer;
        let array = |widths: &[i64]| Object::Array(widths.iter().copied().map(Object::Integer).collect());
        for (given, expected) in [
            (vec![number(3), number(5), number(250)], vec![number(3), array(&[250, 250, 250])]),
            (
                vec![number(1), array(&[7, 8]), number(9), number(9), number(1)],
                vec![number(1), array(&[7, 8]), number(9), array(&[1])],
            ),
            (vec![number(1), array(&[7]), number(9)], vec![number(1), array(&[7])]),
            (vec![number(5), number(3), number(250)], vec![]),
            (vec![number(0), number(i64::MAX), number(1)], vec![]),
            (vec![number(i64::MIN), number(i64::MAX), number(1)], vec![]),
            (vec![Object::Null], vec![]),
        ] {
            let mut room = 10;
            assert_eq!(spelled_out(&given, &mut room), expected, "{given:?}");
        }
    }
}
