use image::{ExtendedColorType, ImageBuffer, ImageEncoder as _, Luma, Rgba, RgbaImage, codecs::png::PngEncoder};
use proptest::prelude::*;

use super::*;

const RED: [u8; 3] = [200, 30, 30];
const GREEN: [u8; 3] = [30, 160, 30];
const BLUE: [u8; 3] = [30, 30, 200];
const YELLOW: [u8; 3] = [220, 220, 30];

/// Red and green above, blue and yellow below.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
}

fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn seen(jpeg: &[u8]) -> RgbImage {
    assert_eq!(image::guess_format(jpeg).unwrap(), ImageFormat::Jpeg);
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().to_rgb8()
}

fn is_near(pixel: Rgb<u8>, colour: [u8; 3]) -> bool {
    pixel.0.iter().zip(colour).all(|(one, other)| one.abs_diff(other) < 40)
}

#[track_caller]
fn shows(jpeg: &[u8], [one, two, three, four]: [[u8; 3]; 4]) {
    let picture = seen(jpeg);
    let (near, far) = (picture.width() / 8, picture.width() - picture.width() / 8 - 1);
    for ((x, y), colour) in [(near, near), (far, near), (near, far), (far, far)].into_iter().zip([one, two, three, four]) {
        let pixel = *picture.get_pixel(x, y);
        assert!(is_near(pixel, colour), "{x} {y}: {pixel:?} instead of {colour:?}");
    }
}

/// A position, an orientation and a name, as a camera writes them (TIFF, little-endian).
fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
    bytes.extend([0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    bytes.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    bytes.extend(b"\0\0\0\0GPSLatitude 51.4769 N somewhere");
    bytes
}

fn jpeg_with_exif(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let plain = written(picture.clone(), ImageFormat::Jpeg);
    let exif = exif(orientation);
    let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &exif, &plain[2..]].concat()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let sum = [kind.as_slice(), data].concat().iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), kind.as_slice(), data, &(!sum).to_be_bytes()].concat()
}

/// A PNG with further chunks behind its head.
fn png_with(picture: &RgbImage, chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = written(picture.clone(), ImageFormat::Png);
    [&plain[..33], &chunks.concat(), &plain[33..]].concat()
}

fn webp_with_exif(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    encoder.encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn head_of_png(width: u32, height: u32) -> Vec<u8> {
    let head = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &chunk(b"IHDR", &head),
        &chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn every_kind_becomes_a_jpeg_of_512_by_512_of_its_middle() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        for (width, height) in [(1200, 800), (800, 1200), (600, 600)] {
            let fitted = fit(&written(quarters(width, height), format), None).unwrap();
            assert_eq!(seen(&fitted).dimensions(), (SIDE, SIDE), "{format:?}");
            shows(&fitted, [RED, GREEN, BLUE, YELLOW]);
        }
    }
}

#[test]
fn what_is_smaller_stays_as_small() {
    assert_eq!(seen(&fit(&written(quarters(90, 60), ImageFormat::Png), None).unwrap()).dimensions(), (60, 60));
    assert_eq!(seen(&fit(&written(quarters(1, 1), ImageFormat::Png), None).unwrap()).dimensions(), (1, 1));
}

#[test]
fn the_square_that_was_chosen_is_what_is_seen() {
    let upload = written(quarters(1600, 1200), ImageFormat::Png);
    let square = |x, y| Some(Square { x, y, size: 600 });
    shows(&fit(&upload, square(0, 0)).unwrap(), [RED; 4]);
    shows(&fit(&upload, square(1000, 0)).unwrap(), [GREEN; 4]);
    shows(&fit(&upload, square(1000, 600)).unwrap(), [YELLOW; 4]);
    for (x, y, size) in [(1001, 0, 600), (0, 601, 600), (0, 0, 1201), (0, 0, 0), (u32::MAX, 0, 9), (0, 9, u32::MAX)] {
        assert!(matches!(fit(&upload, Some(Square { x, y, size })), Err(PictureError::SquareOutside)), "{x} {y} {size}");
    }
}

#[test]
fn cameras_are_turned_upright_before_the_square_is_cut_and_their_position_is_gone() {
    // As the standard numbers them: what stands above left, above right, below left, below right once it is upright.
    let upright = [
        [RED, GREEN, BLUE, YELLOW],
        [GREEN, RED, YELLOW, BLUE],
        [YELLOW, BLUE, GREEN, RED],
        [BLUE, YELLOW, RED, GREEN],
        [RED, BLUE, GREEN, YELLOW],
        [BLUE, RED, YELLOW, GREEN],
        [YELLOW, GREEN, BLUE, RED],
        [GREEN, YELLOW, RED, BLUE],
    ];
    let picture = quarters(300, 200);
    for (number, colours) in (1..).zip(upright) {
        let png = png_with(&picture, &[chunk(b"eXIf", &exif(number))]);
        for upload in [jpeg_with_exif(&picture, number), png, webp_with_exif(&picture, number)] {
            assert!(holds(&upload, "51.4769"));
            let fitted = fit(&upload, None).unwrap();
            assert!(!holds(&fitted, "51.4769") && !holds(&fitted, "Exif") && !holds(&fitted, "GPS"));
            shows(&fitted, colours);
        }
    }
    // Upright it is 200 wide and 300 high: a square at its foot is inside.
    let foot = Some(Square { x: 0, y: 100, size: 200 });
    assert!(fit(&jpeg_with_exif(&picture, 6), foot).is_ok());
    assert!(matches!(fit(&jpeg_with_exif(&picture, 1), foot), Err(PictureError::SquareOutside)));
}

#[test]
fn what_shines_through_is_white_and_every_depth_is_read() {
    let clear = RgbaImage::from_pixel(64, 64, Rgba([0, 0, 0, 0]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        shows(&fit(&written(clear.clone(), format), None).unwrap(), [[255; 3]; 4]);
    }
    let grey = ImageBuffer::<Luma<u16>, _>::from_pixel(64, 64, Luma([0x8000]));
    shows(&fit(&written(grey, ImageFormat::Png), None).unwrap(), [[128; 3]; 4]);
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    for (width, height) in [(60_000, 60_000), (4097, 1), (1, 4097), (u32::MAX >> 1, u32::MAX >> 1)] {
        let refused = fit(&head_of_png(width, height), None);
        assert!(matches!(refused, Err(PictureError::TooManyPixels | PictureError::Damaged)), "{width}×{height}: {refused:?}");
    }
    let mut jpeg = written(quarters(16, 16), ImageFormat::Jpeg);
    let size = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap() + 5;
    jpeg[size..size + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(matches!(fit(&jpeg, None), Err(PictureError::TooManyPixels)));
    // VP8L: 14 bits for each side, less one.
    let webp = b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert!(matches!(fit(webp, None), Err(PictureError::TooManyPixels | PictureError::Damaged)));
    // As many pixels as there may be, each of twice as many bytes.
    let deep = [4096_u32.to_be_bytes().as_slice(), &4096_u32.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    let deep = [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &deep), &chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1])].concat();
    assert!(matches!(fit(&deep, None), Err(PictureError::TooManyPixels)));
}

#[test]
fn sixteen_thousand_pixels_a_side_in_a_few_kilobytes_are_refused() {
    let mut bytes = Vec::new();
    let row = vec![0; 16_000 * 400];
    PngEncoder::new(&mut bytes).write_image(&row, 16_000, 400, ExtendedColorType::L8).unwrap();
    assert!(bytes.len() < 100_000);
    assert!(matches!(fit(&bytes, None), Err(PictureError::TooManyPixels)));
}

#[test]
fn what_hides_behind_a_picture_is_gone() {
    let script = "<script>alert(document.domain)</script>";
    let picture = quarters(64, 64);
    let jpeg = written(picture.clone(), ImageFormat::Jpeg);
    let comment = [&[0xff, 0xfe, 0, u8::try_from(script.len() + 2).unwrap()], script.as_bytes()].concat();
    for upload in [
        [&jpeg, script.as_bytes()].concat(),
        [&jpeg[..2], &comment, &jpeg[2..]].concat(),
        [&jpeg, b"PK\x03\x04".as_slice(), script.as_bytes()].concat(),
        png_with(&picture, &[chunk(b"tEXt", format!("Comment\0{script}").as_bytes())]),
        [written(picture.clone(), ImageFormat::Png), script.into()].concat(),
        [written(picture.clone(), ImageFormat::WebP), script.into()].concat(),
    ] {
        assert!(holds(&upload, script));
        let fitted = fit(&upload, None).unwrap();
        assert!(!holds(&fitted, "script") && !holds(&fitted, "PK\x03\x04"));
        shows(&fitted, [RED, GREEN, BLUE, YELLOW]);
    }
}

#[test]
fn nothing_but_pictures_of_three_kinds_is_taken() {
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let bitmap = [b"BM".as_slice(), &[0; 60]].concat();
    let polyglot = [gif.as_slice(), &written(quarters(9, 9), ImageFormat::Png)].concat();
    for other in [
        b"".as_slice(),
        b"\0",
        b"GIF89a",
        gif,
        svg,
        b"<?xml version='1.0'?><svg/>",
        &bitmap,
        &polyglot,
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"II*\0\x08\0\0\0",
    ] {
        assert!(matches!(fit(other, None), Err(PictureError::UnknownType)), "{other:?}");
    }
    for cut in [b"\x89PNG\r\n\x1a\n".as_slice(), b"\xff\xd8\xff\xe0", b"RIFF\x1e\0\0\0WEBPVP8L"] {
        assert!(matches!(fit(cut, None), Err(PictureError::Damaged)), "{cut:?}");
    }
    let huge = [written(quarters(9, 9), ImageFormat::Png), vec![0; MAX_UPLOAD]].concat();
    assert!(matches!(fit(&huge, None), Err(PictureError::TooLarge)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever comes of it: no panic, and never anything but a square JPEG.
    #[test]
    fn what_is_cut_off_or_flipped_is_refused_or_becomes_a_jpeg(
        kind in 0_usize..3, cut in 0_usize..4000, flips in prop::collection::vec((0_usize..4000, 0_u8..8), 0..6),
    ) {
        let picture = quarters(48, 40);
        let mut bytes = match kind {
            0 => jpeg_with_exif(&picture, 6),
            1 => png_with(&picture, &[chunk(b"eXIf", &exif(3))]),
            _ => webp_with_exif(&picture, 5),
        };
        for (at, bit) in flips {
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
        }
        bytes.truncate(if cut % 3 == 0 { cut % bytes.len() } else { bytes.len() });
        if let Ok(fitted) = fit(&bytes, None) {
            let picture = seen(&fitted);
            prop_assert!(picture.width() == picture.height() && picture.width() <= SIDE);
        }
    }
}
