//! The glyphs of a PDF's pages with their places, through `hayro-syntax` (objects, filters, encryption) and `hayro-font`
//! (encodings, widths, Unicode).
//!
//! Only the operators that move or show text are carried out: paths, colours and images leave no words.

use std::sync::Arc;

use hayro_font::hayro_cmap::{self, BfString};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, UNITS_PER_EM};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::dict::keys::{BASE_FONT, MATRIX, RESOURCES, SUBTYPE};
use hayro_syntax::object::{self, Dict, Name, Object};
use hayro_syntax::page::{Page, Resources};
use hayro_syntax::{LoadPdfError, Pdf};
use rustc_hash::FxHashMap;

use super::bounds;
use crate::extract::info::Info;
use crate::fence;

/// Pages that are read.
const PAGES: usize = 20_000;
/// Operators and glyphs that one document may have, forms counted as often as they are drawn.
const STEPS: u64 = 60_000_000;
/// Levels of forms within forms.
const FORMS: u32 = 12;
/// Saved graphics states.
const STATES: usize = 256;

/// A character, or several that one glyph stands for, at its place on the page. Lengths are in points; `y` grows upwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// Of the baseline.
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
}

impl Glyph {
    pub(super) fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// The glyphs of one page that run in one direction, turned so that they run to the right.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) height: f32,
}

/// A page: its text by direction, the upright text first.
#[derive(Debug, Default)]
pub(super) struct PageText {
    pub(super) layers: Vec<Layer>,
}

/// What was read of a PDF.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Number of glyphs.
    pub(super) glyphs: u64,
    /// Number of glyphs for which the document names no character.
    pub(super) unknown: u64,
    pub(super) about: Info,
}

/// Reads a PDF and hands over one page after the other: the glyphs of a whole report would take too much memory.
///
/// # Errors
///
/// Says why there is nothing to read, for the message.
pub(super) fn read(bytes: &[u8], each: &mut dyn FnMut(PageText)) -> Result<Read, String> {
    bounds::check(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|cause| match cause {
        LoadPdfError::Decryption(_) => "an encrypted PDF that needs a password; save it without one first".to_owned(),
        LoadPdfError::Invalid => "a damaged PDF: it cannot be read".to_owned(),
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err("a damaged PDF: it has no pages".to_owned());
    }
    if pages.len() > PAGES {
        return Err(format!("a PDF of more than {PAGES} pages"));
    }
    let mut read = Read { about: super::about::read(&pdf), ..Read::default() };
    let fonts = Fonts::new();
    let mut steps = 0;
    for page in pages.iter() {
        let mut reader = Reader::of(page, &fonts, steps);
        reader.page(page);
        steps = reader.steps;
        if steps > STEPS {
            return Err("a PDF that draws more than is reasonable".to_owned());
        }
        read.glyphs += reader.shown;
        read.unknown += reader.unknown;
        each(reader.finish());
    }
    Ok(read)
}

/// The fonts of a document.
struct Fonts<'a> {
    cache: FontCache<'a>,
    resolver: FontResolverFn,
    cmaps: CMapResolverFn,
}

impl<'a> Fonts<'a> {
    fn new() -> Self {
        // The stand-ins for fonts that are not embedded; only their widths and encodings matter.
        let resolver: FontResolverFn = Arc::new(|query: &FontQuery| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
        });
        Self { cache: FontCache::new(), resolver, cmaps: Arc::new(hayro_cmap::load_embedded) }
    }

    fn get(&self, dict: &Dict<'a>) -> Option<Face<'a>> {
        let font = fence::fenced(|| self.cache.font(dict, &self.resolver, &self.cmaps)).flatten()?;
        let name = dict.get::<Name<'_>>(BASE_FONT).map(|name| name.as_str().to_lowercase()).unwrap_or_default();
        Some(Face { font, bold: ["bold", "black", "heavy", "semibold", "demi"].iter().any(|one| name.contains(one)) })
    }
}

#[derive(Clone)]
struct Face<'a> {
    font: Font<'a>,
    bold: bool,
}

/// A matrix `[a b c d e f]` as in the PDF reference.
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This matrix, then `after`.
    fn then(self, after: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, after.0);
        Self([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l])
    }

    fn at(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

/// The graphics state as far as it concerns text.
#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    face: Option<Face<'a>>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    /// 1 is 100 %.
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// Text that replaces what a stretch of content shows (`/ActualText`), and where that stands.
struct Actual {
    text: String,
    at: Option<(Glyph, u8)>,
    /// Depth of marked content at which it ends.
    depth: usize,
}

struct Reader<'p, 'a> {
    fonts: &'p Fonts<'a>,
    state: State<'a>,
    saved: Vec<State<'a>>,
    text: Matrix,
    line: Matrix,
    /// The glyphs by direction: to the right, up, to the left, down.
    glyphs: [Vec<Glyph>; 4],
    width: f64,
    height: f64,
    steps: u64,
    shown: u64,
    unknown: u64,
    marked: usize,
    actual: Option<Actual>,
    faces: FxHashMap<Vec<u8>, Option<Face<'a>>>,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn of(page: &Page<'a>, fonts: &'p Fonts<'a>, steps: u64) -> Self {
        let (width, height) = page.render_dimensions();
        let state = State {
            ctm: Matrix(page.initial_transform(false).as_coeffs()),
            face: None,
            size: 1.0,
            spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        Self {
            fonts,
            state,
            saved: Vec::new(),
            text: Matrix::ONE,
            line: Matrix::ONE,
            glyphs: Default::default(),
            width: width.into(),
            height: height.into(),
            steps,
            shown: 0,
            unknown: 0,
            marked: 0,
            actual: None,
            faces: FxHashMap::default(),
        }
    }

    fn page(&mut self, page: &Page<'a>) {
        if !bounds::page_is_small(page) {
            return;
        }
        if let Some(content) = page.page_stream() {
            self.run(content, page.resources(), 0);
        }
    }

    fn finish(self) -> PageText {
        let (width, height) = (self.width as f32, self.height as f32);
        let heights = [height, width, height, width];
        let layers = self.glyphs.into_iter().zip(heights).map(|(glyphs, height)| Layer { glyphs, height });
        PageText { layers: layers.filter(|layer| !layer.glyphs.is_empty()).collect() }
    }

    /// Carries out a content stream.
    fn run(&mut self, content: &[u8], resources: &Resources<'a>, depth: u32) {
        let base = self.saved.len();
        let mut ops = TypedIter::new(content);
        while let Some(op) = ops.next() {
            self.steps += 1;
            if self.steps > STEPS {
                return;
            }
            fence::check();
            match op {
                Op::SaveState(_) if self.saved.len() < STATES => self.saved.push(self.state.clone()),
                Op::RestoreState(_) if self.saved.len() > base => self.restore(),
                Op::Transform(m) => {
                    let m = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64()));
                    self.state.ctm = m.then(self.state.ctm);
                }
                Op::XObject(named) if depth < FORMS => self.form(named.0, resources, depth),
                Op::BeginMarkedContent(_) => self.marked += 1,
                Op::BeginMarkedContentWithProperties(begin) => self.begin_marked(begin.1, resources),
                Op::EndMarkedContent(_) => self.end_marked(),
                other => self.text_op(&other, resources),
            }
        }
        self.saved.truncate(base.max(self.saved.len().min(base)));
    }

    fn restore(&mut self) {
        if let Some(state) = self.saved.pop() {
            self.state = state;
        }
    }

    /// Carries out an operator of text.
    fn text_op(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) {
        match op {
            Op::BeginText(_) => (self.text, self.line) = (Matrix::ONE, Matrix::ONE),
            Op::CharacterSpacing(to) => self.state.spacing = to.0.as_f64(),
            Op::WordSpacing(to) => self.state.word_spacing = to.0.as_f64(),
            Op::HorizontalScaling(to) => self.state.stretch = to.0.as_f64() / 100.0,
            Op::TextLeading(to) => self.state.leading = to.0.as_f64(),
            Op::TextRise(to) => self.state.rise = to.0.as_f64(),
            Op::TextFont(font) => {
                self.state.size = font.1.as_f64();
                self.state.face = self.face(font.0, resources);
            }
            Op::SetTextMatrix(m) => {
                self.line = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64()));
                self.text = self.line;
            }
            Op::NextLine(to) => self.next_line(to.0.as_f64(), to.1.as_f64()),
            Op::NextLineAndSetLeading(to) => {
                self.state.leading = -to.1.as_f64();
                self.next_line(to.0.as_f64(), to.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                (self.state.word_spacing, self.state.spacing) = (text.0.as_f64(), text.1.as_f64());
                self.next_line(0.0, -self.state.leading);
                self.show(text.2.as_bytes());
            }
            Op::ShowTexts(texts) => self.show_all(texts.0),
            _ => {}
        }
    }

    fn show_all(&mut self, texts: &object::Array<'_>) {
        for part in texts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(number) => {
                    let horizontal = self.state.face.as_ref().is_none_or(|face| face.font.is_horizontal());
                    let by = -number.as_f64() / f64::from(UNITS_PER_EM) * self.state.size;
                    let (x, y) = if horizontal { (by * self.state.stretch, 0.0) } else { (0.0, by) };
                    self.text = Matrix::shift(x, y).then(self.text);
                }
                _ => {}
            }
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.text = self.line;
    }

    fn face(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Option<Face<'a>> {
        let dict = resources.get_font(name)?;
        let key = dict.data().to_vec();
        if let Some(face) = self.faces.get(&key) {
            return face.clone();
        }
        let face = if bounds::font_is_small(&dict) { self.fonts.get(&dict) } else { None };
        self.faces.insert(key, face.clone());
        face
    }

    /// Draws a form; images leave no words.
    fn form(&mut self, name: &Name<'_>, resources: &Resources<'a>, depth: u32) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict().clone();
        if dict.get::<Name<'_>>(SUBTYPE).is_none_or(|kind| kind.as_str() != "Form") || !bounds::is_small(&stream) {
            return;
        }
        let Ok(content) = stream.decoded_data() else { return };
        self.steps += 1 + content.len() as u64 / 64;
        let own = dict.get::<Dict<'a>>(RESOURCES).map(Resources::new);
        let matrix = dict.get::<[f64; 6]>(MATRIX).map_or(Matrix::ONE, Matrix);
        let before = (self.state.clone(), self.text, self.line);
        self.state.ctm = matrix.then(self.state.ctm);
        self.run(&content, own.as_ref().unwrap_or(resources), depth + 1);
        (self.state, self.text, self.line) = before;
    }

    fn begin_marked(&mut self, properties: &Object<'_>, resources: &Resources<'a>) {
        self.marked += 1;
        let text = match properties {
            Object::Dict(dict) => dict.get::<object::String<'_>>("ActualText").map(|text| super::about::text(&text)),
            Object::Name(name) => resources
                .properties
                .get::<Dict<'_>>(name)
                .and_then(|dict| dict.get::<object::String<'_>>("ActualText").map(|text| super::about::text(&text))),
            _ => None,
        };
        if let Some(text) = text.filter(|_| self.actual.is_none()) {
            self.actual = Some(Actual { text, at: None, depth: self.marked });
        }
    }

    fn end_marked(&mut self) {
        if self.actual.as_ref().is_some_and(|actual| actual.depth >= self.marked)
            && let Some(Actual { text, at: Some((glyph, quarter)), .. }) = self.actual.take()
        {
            self.glyphs[usize::from(quarter)].push(Glyph { text, ..glyph });
        }
        self.marked = self.marked.saturating_sub(1);
    }

    /// Shows a string in the current font.
    fn show(&mut self, bytes: &[u8]) {
        let Some(face) = self.state.face.clone() else {
            self.shown += bytes.len() as u64;
            self.unknown += bytes.len() as u64;
            return;
        };
        let state = self.state.clone();
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = face.font.read_code(bytes, at);
            at += length.max(1);
            self.steps += 1;
            self.shown += 1;
            let advance = face.font.code_advance(code);
            let spaces = state.spacing + if code == 32 && length == 1 { state.word_spacing } else { 0.0 };
            let of = |units: f64| units / f64::from(UNITS_PER_EM) * state.size;
            let (drawn, moved) = match face.font.is_horizontal() {
                true => ((of(advance.x) * state.stretch, 0.0), ((of(advance.x) + spaces) * state.stretch, 0.0)),
                false => ((0.0, of(advance.y)), (0.0, of(advance.y) + spaces)),
            };
            let text = self.letters(&face, code);
            self.put(&face, text, drawn, moved);
            self.text = Matrix::shift(moved.0, moved.1).then(self.text);
        }
    }

    /// What a code stands for.
    fn letters(&mut self, face: &Face<'a>, code: u32) -> Option<String> {
        let unicode = match face.font.glyph(face.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        match unicode {
            Some(BfString::Char(c)) => Some(c.to_string()),
            Some(BfString::String(text)) => Some(text),
            None => None,
        }
    }

    /// Puts a glyph on the page, which moves on by `moved`.
    fn put(&mut self, face: &Face<'a>, text: Option<String>, drawn: (f64, f64), moved: (f64, f64)) {
        if text.is_none() {
            self.unknown += 1;
        }
        let whole = Matrix::shift(0.0, self.state.rise).then(self.text).then(self.state.ctm);
        let (x, y) = whole.at(0.0, 0.0);
        // Letter spacing is no gap between words, so the glyph has the greater width.
        let ahead = if moved.0.abs() + moved.1.abs() > drawn.0.abs() + drawn.1.abs() && text.as_deref() != Some(" ") {
            moved
        } else {
            drawn
        };
        let (to_x, to_y) = whole.at(ahead.0, ahead.1);
        let [a, b, c, d, ..] = whole.0;
        let size = (self.state.size * if face.font.is_horizontal() { c.hypot(d) } else { a.hypot(b) }).abs();
        let inside = (-1.0..=self.width + 1.0).contains(&x) && (-1.0..=self.height + 1.0).contains(&y);
        if !inside || !size.is_finite() || size < 0.5 || !to_x.is_finite() || !to_y.is_finite() {
            return;
        }
        let (dx, dy) = match face.font.is_horizontal() {
            true if self.state.size < 0.0 => (-a, -b),
            true => (a, b),
            false => (-c, -d),
        };
        let quarter: u8 =
            if dx.abs() >= dy.abs() { if dx >= 0.0 { 0 } else { 2 } } else { if dy > 0.0 { 1 } else { 3 } };
        let turn = |x: f64, y: f64| match quarter {
            0 => (x, y),
            1 => (y, self.width - x),
            2 => (self.width - x, self.height - y),
            _ => (self.height - y, x),
        };
        let ((x0, y), (x1, _)) = (turn(x, y), turn(to_x, to_y));
        let glyph = Glyph {
            text: text.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string()),
            x0: x0.min(x1) as f32,
            x1: x0.max(x1) as f32,
            y: y as f32,
            size: size as f32,
            bold: face.bold,
        };
        match &mut self.actual {
            Some(actual) => match &mut actual.at {
                Some((first, _)) if (first.y - glyph.y).abs() < first.size => {
                    first.x0 = first.x0.min(glyph.x0);
                    first.x1 = first.x1.max(glyph.x1);
                }
                Some(_) => {}
                None => actual.at = Some((glyph, quarter)),
            },
            None => self.glyphs[usize::from(quarter)].push(glyph),
        }
    }
}
