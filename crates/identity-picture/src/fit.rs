//! One upload: looked at, decoded, cut, encoded again.

use std::io::Cursor;

use identity_core::{
    change::Unavailable,
    port::{MAX_UPLOAD, PictureError, Square},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType, metadata::Orientation,
};

/// The longest side of an upload.
pub const MAX_SIDE: u32 = 4096;

/// The most pixels of an upload.
pub const MAX_PIXELS: u64 = 4096 * 4096;

/// The side of what is kept; what is smaller stays as small.
pub const SIDE: u32 = 512;

/// The most bytes that decoded pixels may take: four for each of as many as there may be. With 16 bits a channel that is half as many.
const MAX_DECODED: u64 = 4 * MAX_PIXELS;

/// What one upload takes at most while it is worked on. The dearest is a progressive JPEG: its pixels (48 MiB), its coefficients
/// (96 MiB) and the file twice; or a PNG with transparency, and its square beside it (128 MiB).
pub const MEMORY_PER_THREAD: usize = 192 * 1024 * 1024;

const QUALITY: u8 = 85;

/// The JPEG that is kept.
pub(crate) fn fit(upload: &[u8], square: Option<Square>) -> Result<Vec<u8>, PictureError> {
    let (mut picture, orientation) = decode(upload)?;
    picture.apply_orientation(orientation);
    let square = chosen(&picture, square)?;
    let cut = picture.crop_imm(square.x, square.y, square.size, square.size);
    drop(picture);
    let cut = if square.size > SIDE { cut.resize_exact(SIDE, SIDE, FilterType::Triangle) } else { cut };
    encode(&on_white(&cut))
}

/// The pixels, and how they are to be turned. Nothing is allocated for them before their number is known.
fn decode(upload: &[u8]) -> Result<(DynamicImage, Orientation), PictureError> {
    if upload.len() > MAX_UPLOAD {
        return Err(PictureError::TooLarge);
    }
    let format = image::guess_format(upload).ok();
    let is_taken = |format: &ImageFormat| matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP);
    let format = format.filter(is_taken).ok_or(PictureError::UnknownType)?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(MAX_SIDE), Some(MAX_SIDE), Some(MAX_DECODED));
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED {
        return Err(PictureError::TooManyPixels);
    }
    // A file that does not say how the picture is to be turned leaves it as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((picture, orientation))
}

fn refused(error: &ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooManyPixels,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => PictureError::Damaged,
    }
}

/// The square, if it is inside the picture; the largest in the middle where none was chosen.
fn chosen(picture: &DynamicImage, square: Option<Square>) -> Result<Square, PictureError> {
    let (width, height) = (picture.width(), picture.height());
    let middle = || {
        let size = width.min(height);
        Square { x: (width - size) / 2, y: (height - size) / 2, size }
    };
    let square = square.unwrap_or_else(middle);
    let reaches = |from: u32, end: u32| from.checked_add(square.size).is_some_and(|to| to <= end);
    if square.size > 0 && reaches(square.x, width) && reaches(square.y, height) {
        Ok(square)
    } else {
        Err(PictureError::SquareOutside)
    }
}

/// A JPEG has no transparency: what shines through is white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let pixels = picture.to_rgba8();
    let mix = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels.get_pixel(x, y).0;
        Rgb([mix(red, alpha), mix(green, alpha), mix(blue, alpha)])
    })
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture);
    encoded.map_err(|error| Unavailable::new("picture", error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
