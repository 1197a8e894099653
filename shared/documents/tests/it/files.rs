//! Files made for the tests: plain ones with a writer, hostile ones by hand.

use flate2::{Compress, Compression, FlushCompress};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

const FONT: Name<'static> = Name(b"F1");
const PICTURE: Name<'static> = Name(b"Im1");

/// A PDF with one page for each content; every page has a font `F1`, and a picture `Im1` when asked for.
pub(crate) fn pdf(contents: &[Vec<u8>], with_picture: bool) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let (catalog, tree, font, picture) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let numbers = 0..i32::try_from(contents.len()).unwrap();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(numbers.clone().map(|n| Ref::new(10 + 2 * n))).count(numbers.end);
    pdf.type1_font(font).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
    // Pixels that would be drawing if somebody ran them.
    let pixels = b"BT /Nope 1 Tf (pixels) Tj ET )) >> [[".repeat(40);
    let mut image = pdf.image_xobject(picture, &pixels);
    image.width(100).height(100).bits_per_component(8);
    image.filter(pdf_writer::Filter::DctDecode);
    image.color_space().device_gray();
    image.finish();
    for (number, content) in numbers.zip(contents) {
        let (page, stream) = (Ref::new(10 + 2 * number), Ref::new(11 + 2 * number));
        let mut dictionary = pdf.page(page);
        dictionary.media_box(Rect::new(0.0, 0.0, 612.0, 792.0)).parent(tree).contents(stream);
        let mut resources = dictionary.resources();
        resources.fonts().pair(FONT, font);
        if with_picture {
            resources.x_objects().pair(PICTURE, picture);
        }
        resources.finish();
        dictionary.finish();
        pdf.stream(stream, content);
    }
    pdf.finish()
}

/// The drawing of a page of lines; characters as in Windows-1252.
pub(crate) fn lines(lines: &[&str]) -> Vec<u8> {
    let mut content = Content::new();
    content.begin_text().set_font(FONT, 11.0).set_leading(14.0).next_line(72.0, 720.0);
    for line in lines {
        let bytes: Vec<u8> = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        content.show(Str(&bytes)).next_line_using_leading();
    }
    content.end_text();
    content.finish().to_vec()
}

/// The drawing of a page that shows the picture and nothing else.
pub(crate) fn picture() -> Vec<u8> {
    let mut content = Content::new();
    content.save_state().transform([612.0, 0.0, 0.0, 792.0, 0.0, 0.0]).x_object(PICTURE).restore_state();
    content.finish().to_vec()
}

/// A PDF of hand-written objects, numbered from 1; the first is the catalogue.
pub(crate) fn raw_pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}

/// A stream object.
pub(crate) fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A file of one page, with its resources and content written by hand; objects from number 5 follow.
pub(crate) fn one_page(resources: &str, content: Vec<u8>, more: &[Vec<u8>]) -> Vec<u8> {
    let page =
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<{resources}>>>>");
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.into_bytes(),
        content,
    ];
    objects.extend_from_slice(more);
    raw_pdf(&objects)
}

/// Zlib data of about a megabyte that grows to `megabytes` of blanks: one compressed block, repeated.
pub(crate) fn bomb(megabytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(64 * 1024);
    Compress::new(Compression::fast(), false)
        .compress_vec(&vec![b' '; 1024 * 1024], &mut block, FlushCompress::Full)
        .unwrap();
    let mut data = vec![0x78, 0x01];
    data.extend(block.repeat(megabytes));
    data
}

/// One page in a composite font of 500 units a glyph, that says so for a run of glyphs at once; the default
/// width is four times as wide. Glyphs 1 to 26 are A to Z.
pub(crate) fn composite_font(drawing: &str) -> Vec<u8> {
    let map = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange \
               1 beginbfrange <0001> <001A> <0041> endbfrange endcmap";
    let font = "<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>";
    let glyphs = "<</Type/Font/Subtype/CIDFontType2/BaseFont/Any/CIDSystemInfo<</Registry(Adobe)\
                  /Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R/DW 2000/W[1 26 500]>>";
    let descriptor = "<</Type/FontDescriptor/FontName/Any/Flags 4/ItalicAngle 0/Ascent 0/Descent 0/CapHeight 0\
                      /StemV 0/FontBBox[0 0 0 0]>>";
    let more = [font, glyphs].map(|object| object.as_bytes().to_vec());
    let more = [&more[..], &[stream("", map.as_bytes()), descriptor.as_bytes().to_vec()]].concat();
    one_page("/Font<</F1 5 0 R>>", stream("", drawing.as_bytes()), &more)
}
