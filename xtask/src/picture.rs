//! SVG to PNG.

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::fonts::Fonts;

/// Returns an SVG document as a PNG file: the same bytes for the same document and fonts.
pub fn png(svg: &str, fonts: &Fonts) -> Result<Vec<u8>> {
    let options = Options { fontdb: fonts.database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).context("the SVG document is not well formed")?;
    let size = tree.size().to_int_size();
    let mut pixmap = Pixmap::new(size.width(), size.height()).context("the picture is empty")?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size.width(), size.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixmap.take_demultiplied())?;
    writer.finish()?;
    Ok(file)
}
