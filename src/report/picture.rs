//! Pictures as a face sends them: PNG, of the same size whatever they show.

use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use super::chart::{self, FONT};
use super::ring;
use crate::chat::PictureSource;

/// A picture as a PNG of [`chart::SIZE`] pixels.
pub fn render_png(source: &PictureSource) -> Vec<u8> {
    match source {
        PictureSource::Chart(chart) => chart::render_png(chart),
        PictureSource::Ring(ring) => ring::render_png(ring),
    }
}

/// An SVG document of ours as a PNG of so many pixels.
pub(super) fn rendered(svg: &str, (width, height): (u32, u32)) -> Vec<u8> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        Arc::new(fonts)
    });
    let options = usvg::Options {
        font_family: FONT.to_owned(),
        fontdb: FONTS.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).expect("what is drawn here is SVG");
    let mut pixmap = tiny_skia::Pixmap::new(width, height).expect("a size above zero");
    let (across, down) = (
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(across, down),
        &mut pixmap.as_mut(),
    );
    pixmap.encode_png().expect("encoding into memory")
}
