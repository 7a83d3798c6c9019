//! Pictures, on the real binary and in Chromium.

use std::{io::Cursor, os::unix::fs::PermissionsExt as _, path::PathBuf, time::Duration};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use reqwest::{Client, Method, StatusCode};
use tokio::task::JoinSet;

use crate::support::{Browser, Options, Server, api::PASSWORD, client};

const MIB: u64 = 1024 * 1024;

/// What `docs/operating.md` says that pictures take at most: one thread, and sixteen uploads that wait.
const STATED: u64 = (192 + 16 * 6) * MIB;

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// Red on its left, blue on its right.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { [200, 30, 30] } else { [30, 30, 200] }))
}

/// A value of `/proc/…/status`, in bytes.
fn memory(server: &Server, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

struct Uploader {
    client: Client,
    url: String,
    token: String,
}

impl Uploader {
    async fn puts(&self, upload: Vec<u8>) -> (StatusCode, bool) {
        let request = self.client.request(Method::PUT, format!("{}/api/v1/me/picture", self.url));
        let response = request.bearer_auth(&self.token).body(upload).send().await.unwrap();
        let status = response.status();
        (status, response.headers().contains_key("retry-after"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_bombs_at_once_stay_within_the_stated_memory_while_others_are_served() {
    let server = Server::with(&[("throttle.picture.per_account", "1000/PT1H")]).await;
    let operator = server.first_operator().await;
    let side = 4096;
    let white = written(&RgbaImage::new(side, side).into(), ImageFormat::Png);
    let (jpeg, webp) = (
        written(&two_halves(side, side).into(), ImageFormat::Jpeg),
        written(&RgbaImage::new(side, side).into(), ImageFormat::WebP),
    );
    let mut claims = white.clone();
    claims[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let padded = [jpeg.clone(), vec![0; 5 * 1024 * 1024 - jpeg.len()]].concat();
    let bombs = [white, jpeg, webp, claims, padded];
    let before = memory(&server, "VmRSS:");
    let mut crowd = JoinSet::new();
    for n in 0..50 {
        let uploader =
            Uploader { client: client().build().unwrap(), url: server.url.clone(), token: operator.token().unwrap().to_owned() };
        let bomb = bombs[n % bombs.len()].clone();
        crowd.spawn(async move { uploader.puts(bomb).await });
    }
    let mut answers = Vec::new();
    let mut slowest = Duration::ZERO;
    while !crowd.is_empty() {
        let asked = std::time::Instant::now();
        operator.get("/sessions/current").await.expect(200);
        slowest = slowest.max(asked.elapsed());
        while let Some(answer) = crowd.try_join_next() {
            answers.push(answer.unwrap());
        }
    }
    let took = memory(&server, "VmHWM:").saturating_sub(before);
    let with = |status: u16| answers.iter().filter(|(answer, _)| answer.as_u16() == status).count();
    let (served, refused, busy) = (with(200), with(422), with(503));
    assert_eq!(served + refused + busy, 50, "{answers:?}");
    assert!(served > 0 && answers.iter().all(|(status, retry)| (status.as_u16() == 503) == *retry), "{answers:?}");
    assert!(took <= STATED, "{} MiB more than before", took / MIB);
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

async fn signed_in(server: &Server, browser: &Browser) {
    server.first_operator().await;
    browser.goto(&format!("{}/account/picture", server.url)).await;
    browser.fill("email", "ada@acme.example").await;
    browser.fill("password", PASSWORD).await;
    browser.click_on("main form button[type=submit]").await;
    browser.find("#picture").await;
}

/// A file that the browser may read.
fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path().join("me.png");
    std::fs::write(&path, bytes).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    (folder, path)
}

/// The colours at the left and the right of the picture that the page shows.
async fn colours(server: &Server, browser: &Browser) -> [Rgb<u8>; 2] {
    let source = browser.find("img.avatar").await.attr("src").await.unwrap().unwrap();
    let bytes = client().build().unwrap().get(format!("{}{source}", server.url)).send().await.unwrap().bytes().await.unwrap();
    let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
    assert_eq!(picture.width(), picture.height());
    [0.1_f32, 0.9].map(|at| *picture.get_pixel((at * picture.width() as f32) as u32, picture.height() / 2))
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel[0] > 150 && pixel[2] < 90
}

async fn looks(browser: &Browser, page: &str, language: &str) {
    browser.is_sound(language).await;
    if let Some(folder) = std::env::var_os("IDENTITY_SCREENSHOTS").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{page}.png")), browser.screenshot().await).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_uploaded_and_deleted_without_javascript() {
    let server = Server::start().await;
    let browser = Browser::start(Options { javascript: false, ..Options::default() }).await;
    signed_in(&server, &browser).await;
    looks(&browser, "picture-none", "en").await;
    browser.click_on("form[enctype] button[type=submit]").await;
    browser.find(".summary").await;
    looks(&browser, "picture-error", "en").await;
    let (_folder, path) = file(&written(&two_halves(400, 200).into(), ImageFormat::Png));
    browser.find("#picture").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.click_on("form[enctype] button[type=submit]").await;
    browser.find("img.avatar").await;
    looks(&browser, "picture-set", "en").await;
    let [left, right] = colours(&server, &browser).await;
    assert!(is_red(left) && !is_red(right), "the middle: {left:?} {right:?}");
    browser.click_on("main a[href='/account/picture/delete']").await;
    browser.click_on("form[action='/account/picture/delete'] button").await;
    browser.find("span.avatar").await;
}

async fn the_square_is_chosen(options: Options) {
    let server = Server::with(&[("languages", "en,ar")]).await;
    let browser = Browser::start(options).await;
    signed_in(&server, &browser).await;
    let (_folder, path) = file(&written(&two_halves(400, 200).into(), ImageFormat::Png));
    browser.find("#picture").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.find("#crop:not([hidden]) canvas").await;
    browser.eval("const zoom = document.querySelector('#zoom'); zoom.value = 60; zoom.dispatchEvent(new Event('input')); document.querySelector('#crop canvas').focus()").await;
    for _ in 0..40 {
        browser.types("\u{e014}").await;
    }
    looks(&browser, if options.dark { "picture-crop-dark" } else { "picture-crop-phone" }, "en").await;
    assert_eq!(browser.eval("return document.querySelector('[name=x]').value").await, "0");
    browser.click_on("form[enctype] button[type=submit]").await;
    browser.find("img.avatar").await;
    let [left, right] = colours(&server, &browser).await;
    assert!(is_red(left) && is_red(right), "what was moved into the square: {left:?} {right:?}");
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_square_is_chosen_by_keyboard_on_a_desktop() {
    the_square_is_chosen(Options { dark: true, ..Options::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_square_is_chosen_on_a_phone() {
    the_square_is_chosen(Options { phone: true, ..Options::default() }).await;
}
